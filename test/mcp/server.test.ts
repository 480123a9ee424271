import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { build, finishInProcess } from '../support/cli.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { loadedModules } from '../support/loaded-modules.ts';
import { callOf, folderOf, initialize, spawnMcp, startMcp, startMcpProcess } from '../support/mcp.ts';

let demo: Demo;
beforeAll(async () => {
  build();
  demo = await startDemo();
}, 120_000);
afterAll(() => demo?.close());

describe('bad input', () => {
  it('has clear errors, after which the session goes on', async () => {
    const { client, call } = await startMcpProcess(['--url', demo.url]);
    await expect(client.callTool({ name: 'FindAcounts' })).rejects.toThrow(
      'there is no tool "FindAcounts"; known are AccountPolicies, CanAccountDo, FindAccounts',
    );
    let deep: unknown = 'x';
    for (let level = 0; level < 500; level += 1) deep = [deep];
    for (const [given, message] of [
      [{ first: 'ten' }, 'Variable "$first" got invalid value "ten"; Int cannot represent non-integer value'],
      [{ states: ['OPEN'] }, 'Value "OPEN" does not exist in "AccountState" enum'],
      [{ test: 'x' }, 'FindAccounts has no argument "test"; did you mean text?'],
      [{ text: 'x'.repeat(70_000) }, 'the maximum is 65536'],
      [{ first: 'x'.repeat(60_000) }, 'Variable "$first" got invalid value "xxx'],
      [{ ['x'.repeat(60_000)]: 1 }, 'FindAccounts has no argument "xxx'],
      [{ text: deep }, 'String cannot represent a non string value'],
      [{ page: 1 }, 'page: expected a string'],
      [{ confirmationToken: 'x' }, 'FindAccounts has no argument "confirmationToken"'],
      [{ first: 0 }, 'BAD_USER_INPUT'],
    ] as const) {
      const { isError, text } = await call('FindAccounts', given);
      expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(message) });
      expect(text.length).toBeLessThan(2_000);
    }
    expect((await call('AccountPolicies', {})).text).toContain('"$accountId" of required type "ID!" was not provided');
    expect((await call('FindAccounts')).isError).toBe(false);
  });

  it('that is no message of the protocol is reported on standard error only', async () => {
    const { child, send, response, finished } = spawnMcp('--url', demo.url);
    child.stdin.write('this is no JSON\n{"jsonrpc": "1.0"}\n\n');
    send(initialize);
    await response(1);
    send({ id: 2, method: 'tools/none' });
    send({ id: 3, method: 'tools/call', params: { name: 7 } });
    expect(await response(2)).toMatchObject({ error: { code: -32601 } });
    expect(await response(3)).toMatchObject({ error: { code: expect.any(Number) } });
    child.stdin.end();
    const { code, lines, stderr } = await finished;
    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(stderr).toMatch(/^(orgql: .+\n)+$/);
  });

  it('that has no end is not kept: the command ends with exit code 1', async () => {
    const { child, send, response, finished } = spawnMcp('--url', demo.url);
    send(initialize);
    await response(1);
    child.stdin.on('error', () => {});
    child.stdin.write('x'.repeat(11 * 1_048_576));
    const { code, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('exceeded maximum size') });
  });
});

describe('the command', () => {
  it('responds to what it has received when standard input closes, and ends with exit code 0', async () => {
    const { child, send, finished } = spawnMcp('--url', demo.url);
    send(initialize);
    send({ method: 'notifications/initialized' });
    send(callOf(2, 'FindAccounts', { first: 1 }));
    child.stdin.end();
    const { code, lines, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  });

  it('ends at SIGTERM with exit code 0, although standard input is open', async () => {
    const { child, send, response, finished } = spawnMcp('--demo');
    send(initialize);
    await response(1);
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
  });

  it('runs in process, with an inventory, a caller of its own and a log on standard error', async () => {
    const credentials = '{ type: static, accessKeyId: "111111111111", secretAccessKey: x }';
    const mutation = `mutation Invite($id: ID!) {
      inviteAccountToOrganization(input: { target: { id: $id, type: ACCOUNT } }) { __typename }
    }`;
    const folder = folderOf({ 'invite.graphql': mutation });
    const file = join(folder, 'orgql.yaml');
    writeFileSync(
      file,
      `principals: [{ name: payer, credentials: ${credentials}, endpoint: "${demo.simulator.url}" }]
upstream: { budget: off }
inventory: [{ principal: payer }]
log: { level: debug }
mcp: { documents: ${JSON.stringify(folder)}, mutations: true }
`,
    );
    const { child, send, response, finished } = spawnMcp('--config', file);
    send(initialize);
    send({ method: 'notifications/initialized' });
    send(callOf(2, 'Invite', { id: '222222222222' }));
    const { confirmationToken } = (await response(2)).result.structuredContent;
    send(callOf(3, 'Invite', { id: '222222222222', confirmationToken }));
    expect((await response(3)).result).toMatchObject({
      structuredContent: {
        data: { inviteAccountToOrganization: { __typename: 'InviteAccountToOrganizationPayload' } },
      },
    });
    child.stdin.end();
    const { code, lines, stderr } = await finished;
    expect(code).toBe(0);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    const logged = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(logged.filter(({ audit }) => audit)).toEqual([
      expect.objectContaining({
        caller: 'mcp',
        principal: 'payer',
        operation: 'InviteAccountToOrganization',
        requestId: expect.stringMatching(/^mcp\/raw\//),
      }),
    ]);
  });

  it('reports that the gateway does not respond as the result of a tool', async () => {
    const { client, call, stderr } = await startMcp(['--url', 'http://127.0.0.1:1/graphql']);
    const [tool] = (await client.listTools()).tools;
    expect(tool?.description).toContain('Estimated cost: unknown at the moment.');
    expect(stderr()).toContain('no estimate: http://127.0.0.1:1/graphql does not respond');
    expect(await call('FindAccounts')).toMatchObject({
      isError: true,
      text: expect.stringContaining('http://127.0.0.1:1/graphql does not respond'),
    });
  });

  it('cancels its request to the gateway when the client cancels a call', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { client } = await startMcp(['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`]);
    const cancel = new AbortController();
    const call = client.callTool({ name: 'FindAccounts' }, undefined, { signal: cancel.signal });
    const rejected = expect(call).rejects.toThrow();
    const [request] = await once(server, 'request');
    cancel.abort();
    await Promise.all([rejected, once(request.socket, 'close')]);
  });

  it('is the only one that loads the SDK of MCP', async () => {
    const ofSdk = (modules: readonly string[]) =>
      modules.filter((name) => /^node_modules\/@modelcontextprotocol\//.test(name));
    expect(ofSdk(await loadedModules(['schema']))).toEqual([]);
    // Without standard input, it ends at once.
    expect(ofSdk(await loadedModules(['mcp', '--url', demo.url]))).not.toEqual([]);
  });
});

describe('the start is refused with exit code 2', () => {
  it.for([
    ['a document with a syntax error', { 'a.graphql': 'query A {\n  viewer {' }, /a\.graphql:2: Syntax Error/],
    ['an unknown field', { 'a.graphql': '\n{ viewer { nothing } }' }, /a\.graphql:2: Cannot query field "nothing"/],
    ['an operation without a name', { 'a.graphql': '{ viewer { caller } }' }, /a\.graphql: the operation has no name/],
    [
      'several operations',
      { 'a.graphql': 'query A { viewer { caller } } query B { viewer { caller } }' },
      /a\.graphql: it has several operations/,
    ],
    ['no operation', { 'a.graphql': 'fragment F on Viewer { caller }' }, /a\.graphql: it has no operation/],
    [
      'a subscription',
      { 'a.graphql': 'subscription A { accountChanges { type } }' },
      /a\.graphql: a subscription cannot be a tool/,
    ],
    [
      'a variable named page',
      { 'a.graphql': 'query A($page: String) { organization { accounts(after: $page) { nodes { id } } } }' },
      /\$page is an argument of every tool/,
    ],
    [
      'a name that is too long',
      { 'a.graphql': `query ${'A'.repeat(65)} { viewer { caller } }` },
      /has more than 64 characters/,
    ],
    [
      'the same name twice',
      { 'a.graphql': 'query A { viewer { caller } }', 'b.graphql': 'query A { viewer { caller } }' },
      /b\.graphql: .*a\.graphql has an operation A, too/,
    ],
    ['a folder without documents', { 'a.txt': '' }, /has no file with the ending \.graphql/],
  ] as const)('for %s', async ([, files, message]) => {
    const { code, stdout, stderr } = await finishInProcess(['mcp', '--documents', folderOf(files), '--url', demo.url]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('with a line for each invalid document', async () => {
    const folder = folderOf({
      'a.graphql': '{ viewer }',
      'b.graphql': 'query {',
      'c.graphql': 'query C { viewer { caller } }',
    });
    const { stderr } = await finishInProcess(['mcp', '--documents', folder, '--demo']);
    expect(stderr).toMatch(/a\.graphql.*\n.*b\.graphql/s);
    expect(stderr).not.toContain('c.graphql');
  });

  it.for([
    ['a folder that does not exist', ['--documents', '/none'], 'cannot read /none: it does not exist'],
    ['--demo with --url', ['--demo', '--url', 'http://127.0.0.1:1'], '--url cannot be combined with --demo'],
    [
      '--token-file in process',
      ['--in-process', '--token-file', 'x'],
      '--token-file cannot be combined with --in-process',
    ],
    ['an unknown option', ['--folder', 'x'], "unknown option '--folder'"],
  ] as const)('for %s', async ([, args, message]) => {
    const { code, stderr } = await finishInProcess(['mcp', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
