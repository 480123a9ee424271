import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { build } from '../support/cli.ts';
import { query, subscribe, subscribeBySse } from '../support/client.ts';

const root = join(import.meta.dirname, '..', '..');
const DEPENDENCIES = ['express', 'fastify', 'hono', '@hono'];

let folder: string;
let simulator: Simulator;

/** Installs the examples in a folder, as `npm install` does. */
beforeAll(async () => {
  build();
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), 'orgql-example-'));
  await cp(join(root, 'examples', 'embedding'), folder, { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules', 'orgql'));
  for (const name of DEPENDENCIES) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const settings = { ...demoSettings(simulator.url), console: { enabled: false }, log: { level: 'error' } };
  await writeFile(join(folder, 'orgql.yaml'), JSON.stringify(settings));
}, 120_000);
afterAll(async () => {
  await simulator?.close();
  await rm(folder, { recursive: true });
});

/** An example as a process. */
class Example implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly exited: Promise<unknown[]>;

  constructor(script: string) {
    this.#process = spawn(process.execPath, [join(folder, script)], {
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        ORGQL_CONFIG: join(folder, 'orgql.yaml'),
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('no standard output');
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    this.exited = once(this.#process, 'close');
  }

  async url(): Promise<string> {
    return (await this.#lines.next()).value;
  }

  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}

const changes = 'subscription { organizationHandshakeChanges { type } }';

describe.each(['http.js', 'express.js', 'fastify.js', 'hono.js'])('examples/embedding/%s', (script) => {
  let example: Example;
  let url: string;
  beforeAll(async () => {
    example = new Example(script);
    url = await example.url();
  });
  afterAll(() => example?.[Symbol.asyncDispose]());

  it('serves the graph over HTTP, server-sent events and WebSockets, beside its own pages', async () => {
    const { data, errors } = await query(url, { document: '{ organization { id } }' });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ organization: { id: 'o-exampleorgid' } });

    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const [, file = ''] = /<script src="([^"]+)"/.exec(html) ?? [];
    expect((await fetch(new URL(file, url))).status).toBe(200);

    const own = await fetch(new URL('/hello', url));
    expect(await own.text()).toBe('Hello from the application\n');
    expect((await fetch(new URL('/graphql', url))).status).toBe(404);

    const live = subscribe(url, { document: changes });
    const streamed = subscribeBySse(url, { document: changes });
    expect((await live.event()).data.organizationHandshakeChanges.type).toBe('SNAPSHOT');
    expect((await streamed.event()).data.organizationHandshakeChanges.type).toBe('SNAPSHOT');
    await live.return();
    await streamed.return();
  });

  it('closes a WebSocket of another path', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'close');
  });

  it('ends by itself after SIGTERM, with its subscriptions', async () => {
    // The first one may wait for the connections that fetch has kept.
    await using example = new Example(script);
    const url = await example.url();
    const live = subscribe(url, { document: changes });
    await live.event();
    // Unlike fetch, it opens no connection for further requests, for which a server would wait.
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const streaming = request(url, { method: 'POST', agent: false, headers }).end(JSON.stringify({ query: changes }));
    const [response] = (await once(streaming, 'response')) as [IncomingMessage];
    response.setEncoding('utf8');
    let received = '';
    for await (const chunk of response) {
      if (!received.includes('SNAPSHOT') && chunk.includes('SNAPSHOT')) example.terminate();
      received += chunk;
    }
    expect(received).toMatch(/"code":"GOING_AWAY".*\n\nevent: complete\ndata:\n\n$/);
    expect(await example.exited).toEqual([0, null]);
    const readAll = async () => {
      for await (const { errors } of live) expect(errors).toBeUndefined();
    };
    await expect(readAll()).rejects.toMatchObject({ code: 1001 });
  });

  it('is in docs/embedding.md as it is', async () => {
    const code = (await readFile(join(root, 'examples', 'embedding', script), 'utf8')).replace(/^\/\/.*\n/, '');
    expect(await readFile(join(root, 'docs', 'embedding.md'), 'utf8')).toContain(`\`\`\`js\n${code}\`\`\`\n`);
  });
});
