import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDocuments } from '../../src/mcp/read-documents.ts';
import { Tools } from '../../src/mcp/tools.ts';
import { schema } from '../../src/schema/index.ts';
import { apiKey } from '../support/api-key.ts';
import { build } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { estimateReply, folderOf, startFakeGateway, startMcp } from '../support/mcp.ts';

const CLOSE = 'mutation CloseAccount($id: ID!) { closeAccount(input: { accountId: $id }) { __typename } }';
const LEAVE = 'mutation LeaveOrganization { leaveOrganization { __typename } }';
const READ = 'query Viewer { viewer { caller } }';
const MUTATIONS = { 'close.graphql': CLOSE, 'leave.graphql': LEAVE, 'viewer.graphql': READ };
const given = { id: '111111111111' };

beforeAll(build, 120_000);

const start = (url: string, ...options: readonly string[]) =>
  startMcp(['--url', url, '--documents', folderOf(MUTATIONS), '--mutations', ...options]);

describe('a server that gives no estimates', () => {
  it('receives no mutation for the list of tools, for a preview, and with a token that is made up', async () => {
    const router = await startFakeGateway(({ query }) => ({
      data: query.startsWith('mutation')
        ? { closeAccount: { __typename: 'CloseAccountPayload' } }
        : { __typename: 'Query' },
    }));
    const { client, call, stderr } = await start(router.url);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['CloseAccount', 'LeaveOrganization', 'Viewer']);
    for (const tool of tools) expect(tool.description).toContain('Estimated cost: unknown at the moment.');
    const message =
      'The server gives no estimates, so mutations cannot be previewed. Set --url to orgql itself, not to a router.';
    expect(await call('CloseAccount', given)).toMatchObject({ isError: true, text: message });
    expect(await call('LeaveOrganization', { confirmationToken: 'x' })).toMatchObject({ isError: true, text: message });
    expect(stderr()).toContain(`orgql: no estimate: ${message}\n`);
    expect(router.received.map(({ query }) => query).filter((query) => query !== '{ __typename }')).toEqual([]);
    expect(router.received.length).toBeGreaterThan(0);
  });

  it('is asked again, as it may be replaced', async () => {
    let isReplaced = false;
    const gateway = await startFakeGateway(
      (request) => (isReplaced && estimateReply(request)) || { data: { __typename: 'Query', nodes: [] } },
    );
    const { call } = await start(gateway.url);
    expect((await call('CloseAccount', given)).isError).toBe(true);
    isReplaced = true;
    expect((await call('CloseAccount', given)).text).toContain('This is a preview.');
  });
});

describe('a gateway', () => {
  it('shows once that it gives estimates', async () => {
    const gateway = await startFakeGateway((request) => estimateReply(request) ?? { data: { nodes: [] } });
    const { client, call } = await start(gateway.url);
    const { tools } = await client.listTools();
    for (const { description } of tools) expect(description).toContain('Estimated cost: at most 1 AWS calls');
    await client.listTools();
    await call('CloseAccount', given);
    const [first, ...others] = gateway.received.map(({ query }) => query);
    expect(first).toBe('{ __typename }');
    expect(others.slice(0, 3).sort()).toEqual([CLOSE, LEAVE, READ]);
    expect(others.slice(3)).toEqual([CLOSE, expect.stringContaining('NamesForPreview')]);
    for (const { headers, extensions } of gateway.received.slice(0, 5)) {
      expect(headers).toMatchObject({ 'x-orgql-estimate': 'only' });
      expect(extensions).toEqual({ orgql: { estimate: true } });
    }
    expect(gateway.received[5]?.headers).not.toHaveProperty('x-orgql-estimate');
  });

  it('gives them to a caller that may make the change and not read', async () => {
    const writer = apiKey({ name: 'writer', principals: ['partner'], scopes: ['organization:write'] });
    await using demo = await startDemo({ config: { auth: { type: 'apiKeys', keys: [writer.settings] } } });
    const { call } = await startMcp(
      ['--url', demo.url, '--documents', folderOf({ 'close.graphql': CLOSE }), '--mutations'],
      { ORGQL_TOKEN: writer.authorization.replace('Bearer ', '') },
    );
    expect((await call('CloseAccount', given)).text).toContain('This is a preview.');
  });

  it('is asked once for an estimate that it rejects', async () => {
    const gateway = await startFakeGateway((request) =>
      request.query === CLOSE
        ? { errors: [{ message: 'no scope', extensions: { code: 'FORBIDDEN', retryable: false } }] }
        : request.query === LEAVE
          ? { errors: [{ message: 'too many', extensions: { code: 'RATE_LIMITED', retryable: true } }] }
          : estimateReply(request),
    );
    const { client, stderr } = await start(gateway.url);
    for (let index = 0; index < 3; index += 1) {
      const { tools } = await client.listTools();
      expect(tools.map(({ _meta }) => _meta?.['dev.orgql/estimatedCalls'])).toEqual([undefined, undefined, 1]);
    }
    const times = (query: string) => gateway.received.filter((request) => request.query === query).length;
    expect([CLOSE, LEAVE, READ].map(times)).toEqual([1, 3, 1]);
    expect(stderr()).toContain('orgql: CloseAccount: no estimate: no scope (FORBIDDEN)\n');
  });

  it('has no preview of a change above graph.maxCalls', async () => {
    const gateway = await startFakeGateway((request) => estimateReply(request, 101));
    const { call } = await start(gateway.url);
    expect(await call('CloseAccount', given)).toEqual({
      isError: true,
      structured: undefined,
      text: 'CloseAccount can cost 101 AWS calls with these arguments; the maximum of the gateway is 100 (graph.maxCalls).',
    });
  });

  it('receives the principal and the accepted age, also beside the estimate', async () => {
    const gateway = await startFakeGateway((request) => estimateReply(request) ?? { data: { viewer: null } });
    const { client, call } = await start(gateway.url, '--principal', 'payer', '--max-age', '60');
    await client.listTools();
    await call('Viewer');
    const extensions = gateway.received.map((request) => request.extensions);
    expect(extensions.pop()).toEqual({ principal: 'payer', orgql: { maxAge: 60 } });
    expect(extensions).toHaveLength(4);
    for (const each of extensions) expect(each).toEqual({ principal: 'payer', orgql: { maxAge: 60, estimate: true } });
  });
});

it('the list of tools does not wait for a gateway that does not respond', async () => {
  const documents = await readDocuments(folderOf(MUTATIONS), schema);
  const logged: string[] = [];
  const tools = new Tools({
    schema,
    documents,
    extensions: {},
    requestId: () => 'x',
    log: (text) => logged.push(text),
    listTimeoutMs: 1,
    send: (_, signal) => once(signal, 'abort').then(() => Promise.reject(new Error('no response'))),
  });
  const list = await tools.list(new AbortController().signal);
  expect(list.map(({ name }) => name)).toEqual(['CloseAccount', 'LeaveOrganization', 'Viewer']);
  for (const { description } of list) expect(description).toContain('Estimated cost: unknown at the moment.');
  expect(logged).toEqual(['no estimate: no response']);
});
