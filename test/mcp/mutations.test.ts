import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { build } from '../support/cli.ts';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';
import { callOf, estimateReply, folderOf, initialize, spawnMcp, startFakeGateway, startMcp } from '../support/mcp.ts';

const MOVE = `# Moves an account.
mutation MoveAccount($accountId: ID!, $from: ID!, $to: ID!) {
  moveAccount(input: { accountId: $accountId, sourceParentId: $from, destinationParentId: $to }) {
    ... on MoveAccountPayload { account { id parent { id } } }
    ... on Error { code message }
  }
}`;
const READ = 'query Parent($id: ID!) { account(id: $id) { parent { id } } }';
const DNS = '125293366841';
const TRANSIT = '191813416651';
const UNIT = 'ou-exmp-wf7gfu5n';

const key = apiKey({ name: 'agents', principals: ['partner'] });
const reader = apiKey({ name: 'reader', principals: ['partner'], scopes: ['read'] });
const lines: LogLine[] = [];
let demo: Demo;
beforeAll(async () => {
  build();
  demo = await startDemo({
    config: { auth: { type: 'apiKeys', keys: [key.settings, reader.settings] }, log: { audit: true } },
    onLog: (line) => lines.push(line),
  });
}, 120_000);
afterAll(() => demo?.close());

const start = ({ authorization } = key, ...options: readonly string[]) => {
  const folder = folderOf({ 'move.graphql': MOVE, 'parent.graphql': READ });
  const args = ['--url', demo.url, '--documents', folder, ...options];
  return startMcp(args, { ORGQL_TOKEN: authorization.replace('Bearer ', '') });
};
const startWithMutations = (as = key) => start(as, '--mutations');
const audited = () => lines.filter(({ operation }) => operation === 'MoveAccount');
const parentOf = async (id: string) => {
  const { data } = await demo.query(
    READ,
    { id },
    { headers: { authorization: key.authorization, 'cache-control': 'no-cache' } },
  );
  return data.account.parent.id;
};

it('does not list mutations unless they are permitted, and says so on standard error', async () => {
  const { client, stderr } = await start();
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['Parent']);
  expect(stderr()).toMatch(
    /^orgql: .*move\.graphql: the mutation MoveAccount is no tool; set mcp\.mutations to true to permit it\n$/,
  );
  await expect(client.callTool({ name: 'MoveAccount', arguments: {} })).rejects.toThrow(
    'there is no tool "MoveAccount"; known are Parent',
  );
});

describe('a mutation', () => {
  it('is previewed in words, then carried out once, and audited with the client', async () => {
    const { client, call } = await startWithMutations();
    const tool = (await client.listTools()).tools.find(({ name }) => name === 'MoveAccount');
    expect(tool?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toContain('confirmationToken');
    const given = { accountId: TRANSIT, from: 'r-exmp', to: UNIT };
    const preview = await call('MoveAccount', given);
    expect(preview.isError).toBe(false);
    expect(preview.text).toContain('This is a preview. Nothing has changed yet.');
    expect(preview.text).toContain(`  input.accountId: "${TRANSIT}" (account "Network Transit")`);
    expect(preview.text).toContain('  input.sourceParentId: "r-exmp" (root "Root")');
    expect(preview.text).toMatch(/input\.destinationParentId: "ou-exmp-wf7gfu5n" \(organizational unit "\S.*"\)/);
    expect(preview.text).toMatch(/It costs at most \d+ AWS calls?\./);
    const { confirmationToken, preview: details } = preview.structured;
    expect(details).toMatchObject({ estimatedCalls: expect.any(Number), expiresAt: expect.stringMatching(/^20.*Z$/) });
    expect(await parentOf(TRANSIT)).toBe('r-exmp');
    expect(audited()).toEqual([]);

    const done = await call('MoveAccount', { confirmationToken, to: UNIT, from: 'r-exmp', accountId: TRANSIT });
    expect(done.structured.data).toEqual({ moveAccount: { account: { id: TRANSIT, parent: { id: UNIT } } } });
    expect(done.structured.cost.calls).toBeGreaterThan(0);
    expect(audited()).toEqual([
      expect.objectContaining({
        caller: 'agents',
        result: 'ok',
        requestId: expect.stringMatching(/^mcp\/test-agent\/[0-9a-f]{8}\/\d+$/),
      }),
    ]);

    const again = await call('MoveAccount', { ...given, confirmationToken });
    expect(again).toMatchObject({
      isError: true,
      text: 'The confirmationToken was used already. The change was carried out, or is being carried out. Read what it changes before you ask for another preview.',
    });
    expect(audited()).toHaveLength(1);
  });

  it('is carried out once by calls at the same time', async () => {
    const { call } = await startWithMutations();
    const given = { accountId: DNS, from: 'r-exmp', to: UNIT };
    const { confirmationToken } = (await call('MoveAccount', given)).structured;
    const before = audited().length;
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => call('MoveAccount', { ...given, confirmationToken })),
    );
    expect(replies.filter(({ isError }) => !isError)).toHaveLength(1);
    expect(replies.filter(({ text }) => text.includes('was used already'))).toHaveLength(4);
    expect(audited()).toHaveLength(before + 1);
  });

  it('is refused with a token for other arguments, for another session, or that is made up', async () => {
    const [one, other] = await Promise.all([startWithMutations(), startWithMutations()]);
    const given = { accountId: '111111111111', from: 'r-exmp', to: UNIT };
    const { confirmationToken } = (await one.call('MoveAccount', given)).structured;
    const before = audited().length;
    const text = async (session: typeof one, changed: Readonly<Record<string, unknown>>) => {
      const { isError, text } = await session.call('MoveAccount', { ...given, confirmationToken, ...changed });
      expect(isError).toBe(true);
      return text;
    };
    expect(await text(one, { accountId: DNS })).toContain('belongs to another tool or to other arguments');
    expect(await text(other, {})).toContain('is not one of this session');
    expect(await text(one, { confirmationToken: 'x' })).toContain('is not one of this session');
    expect(audited()).toHaveLength(before);
  });

  it('has no preview for a caller without its scope', async () => {
    const { call } = await startWithMutations(reader);
    const { isError, text, structured } = await call('MoveAccount', { accountId: DNS, from: UNIT, to: 'r-exmp' });
    expect({ isError, structured }).toEqual({ isError: true, structured: undefined });
    expect(text).toContain('FORBIDDEN');
  });

  it('shows exceptions of AWS as data', async () => {
    const { call } = await startWithMutations();
    const given = { accountId: '111111111111', from: UNIT, to: 'r-exmp' };
    const { confirmationToken } = (await call('MoveAccount', given)).structured;
    const { structured } = await call('MoveAccount', { ...given, confirmationToken });
    expect(structured.data.moveAccount).toMatchObject({ code: expect.stringMatching(/Exception$/) });
  });

  it('has a preview with ids alone if the gateway runs trusted documents only', async () => {
    const trusted = join(folderOf({}), 'trusted.json');
    writeFileSync(trusted, JSON.stringify({ move: MOVE, parent: READ }));
    await using strict = await startDemo({ config: { trustedDocuments: { file: trusted, only: true } } });
    const folder = folderOf({ 'move.graphql': MOVE, 'parent.graphql': READ });
    const { call } = await startMcp(['--url', strict.url, '--documents', folder, '--mutations']);
    const given = { accountId: TRANSIT, from: 'r-exmp', to: UNIT };
    const preview = await call('MoveAccount', given);
    expect(preview.text).toContain(`  input.accountId: "${TRANSIT}" (account)\n`);
    const { confirmationToken } = preview.structured;
    const { structured } = await call('MoveAccount', { ...given, confirmationToken });
    expect(structured.data.moveAccount.account.parent).toEqual({ id: UNIT });
  });

  it('has an uncertain outcome if the gateway is lost while it is carried out', async () => {
    const gateway = await startFakeGateway(
      (request) =>
        estimateReply(request) ?? (request.operationName === undefined ? { data: { nodes: [] } } : undefined),
    );
    const folder = folderOf({ 'move.graphql': MOVE });
    const { call } = await startMcp(['--url', gateway.url, '--documents', folder, '--mutations']);
    const given = { accountId: TRANSIT, from: 'r-exmp', to: UNIT };
    const { confirmationToken } = (await call('MoveAccount', given)).structured;
    const lost = await call('MoveAccount', { ...given, confirmationToken });
    expect(lost).toMatchObject({
      isError: true,
      text: expect.stringContaining('MoveAccount may have been carried out'),
    });
    const again = await call('MoveAccount', { ...given, confirmationToken });
    expect(again.text).toContain('was used already');
  });

  it('has a preview of bounded size', async () => {
    const update = `mutation UpdatePolicy($id: ID!, $content: String!, $tags: [TagInput!]!) {
      updatePolicy(input: { policyId: $id, content: $content }) { __typename }
      tagResource(input: { resourceId: $id, tags: $tags }) { __typename }
    }`;
    const { call } = await startMcp(
      ['--url', demo.url, '--documents', folderOf({ 'update.graphql': update }), '--mutations'],
      { ORGQL_TOKEN: key.authorization.replace('Bearer ', '') },
    );
    const tags = Array.from({ length: 300 }, (_, index) => ({ key: `key${index}`, value: 'x' }));
    const given = { id: 'p-x95aonjrrb', content: 'x'.repeat(40_000), tags };
    const { text, structured } = await call('UpdatePolicy', given);
    expect(text).toContain('… (40002 characters)');
    expect(text).toContain('  and 501 more values');
    expect(text).toContain('input.policyId: "p-x95aonjrrb" (policy "Protect GuardDuty")');
    expect(Buffer.byteLength(JSON.stringify(structured))).toBeLessThan(10_000);
  });
});

describe('a confirmed mutation is carried out to its end', () => {
  type Session = ReturnType<typeof spawnMcp>;
  it.for([
    [
      'the client cancels the call',
      async ({ send, response }: Session) => {
        send({ method: 'notifications/cancelled', params: { requestId: 3 } });
        send({ id: 4, method: 'ping' });
        await response(4);
      },
    ],
    [
      'standard input ends',
      async ({ child }: Session) => {
        child.stdin.end();
        await once(child.stdin, 'close');
      },
    ],
    [
      'standard output is closed',
      async ({ child, send }: Session) => {
        child.stdin.on('error', () => {});
        child.stdout.destroy();
        send({ id: 4, method: 'ping' });
        await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
      },
    ],
  ] as const)('although %s', async ([, disturb]) => {
    const events = new EventEmitter<{ started: []; finish: [] }>();
    let mutation: ServerResponse | undefined;
    const gateway = await startFakeGateway(async (request, response) => {
      const estimate = estimateReply(request);
      if (estimate !== undefined || request.operationName === undefined) return estimate ?? { data: { nodes: [] } };
      mutation = response;
      events.emit('started');
      await once(events, 'finish');
      return { data: { moveAccount: null } };
    });
    const folder = folderOf({ 'move.graphql': MOVE });
    const session = spawnMcp('--url', gateway.url, '--documents', folder, '--mutations');
    const { child, send, response, finished } = session;
    send(initialize);
    const given = { accountId: TRANSIT, from: 'r-exmp', to: UNIT };
    send(callOf(2, 'MoveAccount', given));
    const { confirmationToken } = (await response(2)).result.structuredContent;
    const started = once(events, 'started');
    send(callOf(3, 'MoveAccount', { ...given, confirmationToken }));
    await started;
    await disturb(session);
    // The server has seen by then that a connection was closed.
    await fetch(gateway.url, { method: 'POST', body: '{}' });
    expect(mutation?.closed).toBe(false);
    events.emit('finish');
    child.stdin.end();
    expect(await finished).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(orgql: standard output: .*EPIPE\n)*$/),
    });
  });
});
