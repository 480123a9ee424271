import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Duplex, PassThrough } from 'node:stream';
import { json } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { onTestFinished, vi } from 'vitest';
import { startInProcess } from './cli.ts';

const main = join(import.meta.dirname, '../../dist/main.js');

/** What a tool returns. */
export interface ToolReply {
  readonly text: string;
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  readonly structured: any;
}

/** A session with `orgql mcp ...args`, a process of its own, through the client of the SDK. Ends with the test. */
export function startMcpProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'mcp', ...args],
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return connect(transport, () => stderr);
}

let before: Promise<unknown> = Promise.resolve();

/** Runs with other standard streams than those of this process, after what others run so. */
function withStreams<T>(stdin: Duplex, stdout: Duplex, run: () => Promise<T>): Promise<T> {
  const result = before.then(async () => {
    const spies = [
      vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin),
      vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout as unknown as typeof process.stdout),
    ];
    try {
      return await run();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
  before = result.catch(() => {});
  return result;
}

/** A session with `orgql mcp ...args` in this process, which takes a fraction of the time of one of its own. */
export async function startMcp(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  const running = await withStreams(input, output, () => startInProcess(['mcp', ...args], environment));
  onTestFinished(() => withStreams(input, output, () => running[Symbol.asyncDispose]()));
  // The messages are framed alike in both directions.
  return connect(new StdioServerTransport(output, input), () =>
    printed.mock.calls.map(([text]) => `${text}\n`).join(''),
  );
}

async function connect(transport: Transport, stderr: () => string) {
  const client = new Client({ name: 'test agent', version: '1.0.0' });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return {
    client,
    stderr,
    async call(name: string, given: Readonly<Record<string, unknown>> = {}): Promise<ToolReply> {
      const { content, isError, structuredContent } = await client.callTool({ name, arguments: given });
      const [first] = content as readonly { readonly text: string }[];
      return { text: first?.text ?? '', isError: isError === true, structured: structuredContent };
    },
  };
}

/** `orgql mcp ...args`, to which a test writes lines itself. */
export function spawnMcp(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'mcp', ...args], { env: { PATH: process.env['PATH'] } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { lines: [] as string[], stderr: '' };
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => printed.lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString();
  });
  return {
    child,
    finished: once(child, 'close').then(([code]) => ({ code, ...printed })),
    send: (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async response(id: number) {
      for (;;) {
        const found = printed.lines.map((line) => JSON.parse(line)).find((message) => message.id === id);
        if (found !== undefined) return found;
        await once(lines, 'line');
      }
    },
  };
}

export const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
/** A message that calls a tool. */
export const callOf = (id: number, name: string, given: object) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: given },
});

/** A folder with these files, which is removed after the test. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'orgql-mcp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A request that a fake gateway has received. */
export interface ReceivedRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

/** A server of GraphQL that responds as a test says. Without a response, the connection ends. It ends with the test. */
export async function startFakeGateway(respond: (request: ReceivedRequest, response: ServerResponse) => unknown) {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    (async () => {
      const one = { ...((await json(request)) as ReceivedRequest), headers: request.headers };
      received.push(one);
      const reply = await respond(one, response);
      if (reply === undefined) request.socket.destroy();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
    })().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, received };
}

/** The reply of a gateway to a request for an estimate; undefined if the request is another. */
export const estimateReply = ({ extensions }: ReceivedRequest, calls = 1) => {
  const { estimate } = (extensions?.['orgql'] ?? {}) as { readonly estimate?: boolean };
  if (estimate !== true) return undefined;
  return { data: null, extensions: { upstream: { estimate: { calls, maxCalls: 100 } } } };
};
