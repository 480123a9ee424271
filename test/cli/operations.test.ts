import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InviteAccountToOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { build, finishInProcess, Orgql } from '../support/cli.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const PAGES = file(
  'accounts.graphql',
  `query ($first: Int!, $after: String) {
    organization { accounts(first: $first, after: $after) { nodes { id name parent { ... on Root { id } } } pageInfo { hasNextPage endCursor } } }
  }`,
);
const WATCH = file(
  'watch.graphql',
  `subscription ($after: String) { organizationHandshakeChanges(after: $after) { type reset cursor handshake { id notes } } }`,
);

const key = apiKey({ principals: ['partner'] });
const token = key.authorization.replace('Bearer ', '');
let demo: Demo;
beforeAll(async () => {
  build();
  demo = await startDemo({ config: { auth: { type: 'apiKeys', keys: [key.settings] } } });
}, 120_000);
afterAll(async () => {
  await demo?.close();
  rmSync(folder, { recursive: true });
});

const environment = { ORGQL_TOKEN: token };
const orgql = (...args: readonly string[]) => finishInProcess(args, environment);

/** A server that responds to every request with this result. */
async function startReplies(...results: readonly object[]): Promise<string> {
  let next = 0;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(results[Math.min(next++, results.length - 1)]));
  });
  return listen(server);
}

/** A server that responds to each request with the next of these streams, in one chunk. */
async function startStreams(...streams: readonly (readonly object[])[]): Promise<string> {
  const left = streams.values();
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    const events = (left.next().value ?? []).map((result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`);
    response.end(`${events.join('')}event: complete\n\n`);
  });
  return listen(server);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

describe('orgql query', () => {
  it('prints the data as JSON, with variables of the types that the operation declares', async () => {
    const { code, stdout } = await orgql('query', PAGES, '--url', demo.url, '--var', 'first=2');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).organization.accounts.nodes).toHaveLength(2);
  });

  it('reads all pages with --all, as rows of CSV', async () => {
    const { code, stdout } = await orgql('query', PAGES, '--url', demo.url, '--var', 'first=50', '--all', '--csv');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,name,parent.id');
    const ids = new Set(lines.slice(1).map((line) => line.split(',')[0]));
    expect(ids.size).toBe(lines.length - 1);
    expect(ids.size).toBeGreaterThan(50);
  });

  it('takes the token from a file, and reports that it is missing by exit code 3', async () => {
    const args = ['query', PAGES, '--url', demo.url, '--var', 'first=1'];
    const path = file('token', `${token}\n`);
    expect(await finishInProcess([...args, '--token-file', path])).toMatchObject({ code: 0 });
    const refused = await finishInProcess(args);
    expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('(UNAUTHENTICATED)') });
  });

  it('escapes what could control a terminal, in every format', async () => {
    const name = '\u001b[2J\u009b31m\u202eevil\n=1';
    const url = await startReplies({ data: { organization: { accounts: { nodes: [{ id: '1', name }] } } } });
    for (const format of ['--table', '--csv', '--json']) {
      const { stdout } = await orgql('query', PAGES, '--url', url, '--var', 'first=1', format);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
      expect(stdout).not.toMatch(/[\u001b\u009b\u202e]/);
      expect(stdout).toContain('evil');
    }
    const { stdout } = await orgql('query', PAGES, '--url', url, '--var', 'first=1', '--table');
    const escaped = '\\u001b[2J\\u009b31m\\u202eevil\\u000a=1';
    expect(stdout).toBe(`id  ${'name'.padEnd(escaped.length)}  parent.id\n1   ${escaped}\n`);
  });

  it('prints data with errors, and ends with exit code 3', async () => {
    const url = await startReplies({
      data: { organization: null },
      errors: [{ message: 'no \u001b[1maccess', extensions: { code: 'FORBIDDEN' } }],
    });
    expect(await orgql('query', PAGES, '--url', url, '--var', 'first=1')).toEqual({
      code: 3,
      stdout: '{\n  "organization": null\n}\n',
      stderr: 'orgql: no \\u001b[1maccess (FORBIDDEN)\n',
    });
  });

  it('ends when a list returns the same cursor again', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'same' };
    const url = await startReplies({ data: { organization: { accounts: { nodes: [{ id: '1' }], pageInfo } } } });
    const { code, stderr } = await orgql('query', PAGES, '--url', url, '--var', 'first=1', '--all');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'orgql: the list does not go on; pass $after to its argument `after`\n',
    });
  });

  it.for([
    [
      'a variable of another type',
      ['--var', 'first=many'],
      "--var first: 'many' is invalid for Int!; expected an integer",
    ],
    ['a missing variable', [], 'the variable $first is missing; add --var first=VALUE (Int!)'],
    ['an unknown variable', ['--var', 'first=1', '--var', 'frist=1'], 'no variable $frist; did you mean first?'],
    ['two formats', ['--var', 'first=1', '--csv', '--table'], '--table and --csv are given; expected one of them'],
    ['a token on the command line', ['--var', 'first=1', '--token', 'x'], "unknown option '--token'"],
    [
      '--url in process',
      ['--var', 'first=1', '--in-process', '--url', 'http://127.0.0.1:1'],
      '--url cannot be combined',
    ],
  ] as const)('rejects %s with exit code 2', async ([, args, message]) => {
    const { code, stdout, stderr } = await orgql('query', PAGES, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('runs without a gateway, with the settings in a file', async () => {
    const config = file(
      'config.yaml',
      `principals:\n  - { name: payer, credentials: { type: static, accessKeyId: "111111111111", secretAccessKey: x }, endpoint: "${demo.simulator.url}" }\n`,
    );
    const result = await orgql('query', PAGES, '--config', config, '--var', 'first=1', '--table');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^id {12}name .*\n\d{12} {2}\S/);
  });
});

describe('orgql watch', () => {
  it('prints an event per line, continues after an interruption and ends at SIGINT with the cursor', async () => {
    await using proxy = await startCuttingProxy(demo.url);
    await using command = new Orgql(['watch', WATCH, '--url', proxy.url], environment);
    let output = '';
    command.process.stdout?.on('data', (text: string) => {
      output += text;
    });
    const seen = async (text: string) => {
      while (!output.includes(text)) await new Promise((resolve) => command.process.stdout?.once('data', resolve));
    };
    await seen('"BOOKMARK"');
    proxy.cut();
    const client = new OrganizationsClient({
      endpoint: demo.simulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'x' },
    });
    const Target = { Type: 'ACCOUNT', Id: '222222222222' } as const;
    await client.send(new InviteAccountToOrganizationCommand({ Target, Notes: 'After the cut' }));
    await seen('After the cut');
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ handshake }) => handshake?.notes === 'After the cut')).toEqual([
      expect.objectContaining({ type: 'ADDED', reset: false }),
    ]);
    expect(proxy.connections).toBeGreaterThan(1);
    command.process.kill('SIGINT');
    const { code, stderr } = await command.finished;
    expect(code).toBe(0);
    expect(stderr).toMatch(/orgql: continue with --after \S+\n$/);
  });

  it('subscribes again after an error that the gateway sends at the end of the stream', async () => {
    const cursor = 'second';
    const url = await startStreams(
      [{ data: null, errors: [{ message: 'It restarts.', extensions: { code: 'SHUTTING_DOWN', retryable: true } }] }],
      [{ data: { changes: { type: 'ADDED', cursor } } }],
    );
    const { code, stdout, stderr } = await orgql('watch', WATCH, '--url', url);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify({ type: 'ADDED', cursor })}\n` });
    expect(stderr).toMatch(/^orgql: It restarts. Retrying in 0\.\d s\.\n$/);
  });

  it('ends with the message of an error that a retry does not fix', async () => {
    const url = await startStreams([
      { data: null, errors: [{ message: 'Not for you.', extensions: { code: 'FORBIDDEN', retryable: false } }] },
    ]);
    const { code, stdout, stderr } = await orgql('watch', WATCH, '--url', url);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'orgql: Not for you. (FORBIDDEN)\n' });
  });
});

test('docs/clients.md: the commands of scripts run', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/clients.md'), 'utf8');
  for (const [, name = '', document = ''] of page.matchAll(/^```graphql\n# (\w+\.graphql)\n([^`]+)```/gm))
    file(name, document);
  const argumentsOf = (command: string): readonly string[] => {
    const [, name = '', options = ''] =
      new RegExp(`^orgql ${command} (\\w+\\.graphql)(.*?)(?: [>|].*)?$`, 'm').exec(page) ?? [];
    return [command, join(folder, name), ...options.split(' ').filter((word) => word !== ''), '--url', demo.url];
  };
  const { code, stdout, stderr } = await orgql(...argumentsOf('query'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\r\n', 1)).toEqual(['id,name,email']);
  // More than a page.
  expect(stdout.split('\r\n').length).toBeGreaterThan(52);
  await using command = new Orgql(argumentsOf('watch'), environment);
  expect(JSON.parse((await command.ready()).split('\n', 1)[0] ?? '')).toMatchObject({ type: 'SNAPSHOT' });
});

it.for(['bash', 'zsh', 'fish'])('orgql completion %s prints a script with all commands', async (shell) => {
  const { code, stdout } = await orgql('completion', shell);
  expect(code).toBe(0);
  for (const word of ['simulate', 'notifications', 'mcp', 'token-file']) expect(stdout).toContain(word);
});

it('the script for bash completes commands and options after those of their groups', async () => {
  const { stdout } = await orgql('completion', 'bash');
  const complete = (...words: readonly string[]) =>
    execFileSync(
      'bash',
      ['-c', `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _orgql; echo "\${COMPREPLY[*]}"`, 'bash', ...words],
      { encoding: 'utf8' },
    ).trim();
  expect(complete('orgql', 'pol')).toBe('policies');
  expect(complete('orgql', 'policies', '')).toBe('test explain lint --help');
  expect(complete('orgql', 'policies', 'test', 'vectors.json', '--ju')).toBe('--junit');
  expect(complete('orgql', 'mcp', '--mu')).toBe('--mutations');
  expect(complete('orgql', 'notifications', 'test', '--')).toBe('--config --help');
});
