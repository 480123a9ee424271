import { beforeAll, describe, expect, it } from 'vitest';
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
    expect(router.received.map(({ query }) => query).filter((query) => /^\s*mutation/.test(query))).toEqual([]);
    expect(router.received.map(({ query }) => query)).toContain('{ __typename }');
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
});
