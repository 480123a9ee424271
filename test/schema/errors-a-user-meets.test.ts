import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ config: { upstream: { callTimeoutMs: 300, deadlineMs: 2_000, cacheMs: 0 } } });
});
afterAll(() => demo.close());

/** The one error of an answer: its message and extensions. */
async function errorOf(document: string, variables?: Record<string, unknown>, principal = 'partner') {
  const answer = await demo.query(document, variables, { principal });
  expect(answer.errors).toHaveLength(1);
  const [error] = answer.errors ?? [];
  return { message: error?.message ?? '', ...error?.extensions, answer };
}

describe('an id', () => {
  it.each([
    ['{ account(id: "999999999999") { id } }', { account: null }],
    ['{ organizationalUnit(id: "ou-zzzz-99999999") { id } }', { organizationalUnit: null }],
    ['{ policy(id: "p-99999999") { id } }', { policy: null }],
    ['{ handshake(id: "h-99999999") { id } }', { handshake: null }],
    ['{ responsibilityTransfer(id: "rt-99999999") { id } }', { responsibilityTransfer: null }],
    ['{ createAccountStatus(id: "car-99999999") { id } }', { createAccountStatus: null }],
    ['{ root(id: "r-zzzz") { id } }', { root: null }],
    ['{ node(id: "o-zzzzzzzzzz") { id } }', { node: null }],
    ['{ nodes(ids: ["999999999999", "o-exampleorgid"]) { id } }', { nodes: [null, { id: 'o-exampleorgid' }] }],
  ])('that is unknown is null, without an error: %s', async (document, data) => {
    expect(await demo.query(document)).toMatchObject({ data });
    expect((await demo.query(document)).errors).toBeUndefined();
  });

  it.each([
    [
      '{ account(id: "12") { id } }',
      /^account\(id:\): "12" is not an id of AWS Organizations; Account ids are 12 digits\.$/,
    ],
    [
      '{ node(id: "nonsense") { id } }',
      /^node\(id:\): "nonsense" is not an id of AWS Organizations\. Ids are: Organization \(o-/,
    ],
  ])('that is malformed is rejected with the expected form, without a call: %s', async (document, message) => {
    const error = await errorOf(document);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) });
    expect(error.answer.extensions.upstream.calls).toBe(0);
  });

  it('that is malformed in nodes is an error at its index and does not affect the others', async () => {
    const error = await errorOf('{ nodes(ids: ["111111111111", "?"]) { id } viewer { caller } }');
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^nodes\(ids:\): "\?" is not/),
    });
    expect(error.answer.data).toEqual({ nodes: [{ id: '111111111111' }, null], viewer: { caller: 'anonymous' } });
    expect(error.answer.errors?.[0]?.path).toEqual(['nodes', 1]);
  });

  it('list in nodes that is longer than allowed is rejected before any lookup', async () => {
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const most = Array.from({ length: 1_000 }, () => 'o-exampleorgid');
    const { data } = await demo.query(document, { ids: most });
    expect(data.nodes).toHaveLength(1_000);
    const error = await errorOf(document, { ids: [...most, '?'] });
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message:
        "nodes(ids:): 1001 ids are above this gateway's maximum of 1000 (graph.maxFirst); ask for the rest in further operations.",
    });
    expect(error.answer.extensions.upstream.calls).toBe(0);
  });

  it('of another type is rejected with its type, without a call', async () => {
    const error = await errorOf('{ account(id: "o-exampleorgid") { id } }');
    expect(error.message).toBe(
      'account(id:): "o-exampleorgid" is the id of an Organization, not of an Account; Account ids are 12 digits.',
    );
    expect(error.answer.extensions.upstream.calls).toBe(0);
  });

  it('that is malformed in a mutation is the InvalidInputException of AWS, with its reason', async () => {
    const answer = await demo.query(
      'mutation { acceptHandshake(input: { handshakeId: "H-1" }) { __typename ... on InvalidInputException { reason message } } }',
    );
    expect(answer.data.acceptHandshake).toMatchObject({
      __typename: 'InvalidInputException',
      reason: 'INVALID_PATTERN',
    });
  });
});

describe('a connection', () => {
  it.each([
    [0, /^first: 0 is too small; request 1 to 1000 items\.$/],
    [-3, /^first: -3 is too small/],
    [1001, /^first: 1001 is above this gateway's maximum of 1000; request fewer items and continue with `after`\.$/],
  ])('rejects first: %i', async (first, message) => {
    const error = await errorOf(
      'query ($first: Int) { organization { id accounts(first: $first) { nodes { id } } } }',
      { first },
    );
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first', message: expect.stringMatching(message) });
    expect(error.answer.data.organization).toEqual({ id: 'o-exampleorgid', accounts: null });
  });

  const page =
    'query ($after: String) { organization { accounts(first: 3, after: $after) { nodes { id } pageInfo { endCursor } } } }';
  const cursor = async (): Promise<string> => (await demo.query(page)).data.organization.accounts.pageInfo.endCursor;

  it('rejects the cursor of another list', async () => {
    const error = await errorOf(
      'query ($after: String) { organization { policies(type: SERVICE_CONTROL_POLICY, after: $after) { nodes { id } } } }',
      { after: await cursor() },
    );
    expect(error).toMatchObject({
      code: 'INVALID_CURSOR',
      reason: 'OTHER_LIST',
      message: expect.stringContaining('belongs to another list'),
    });
  });

  it('rejects the cursor of another principal', async () => {
    const error = await errorOf(page, { after: await cursor() }, 'customer');
    expect(error).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_LIST' });
  });

  it('rejects a tampered cursor', async () => {
    const made = await cursor();
    const error = await errorOf(page, { after: `${made.slice(0, -2)}${made.endsWith('AA') ? 'BB' : 'AA'}` });
    expect(error).toMatchObject({
      code: 'INVALID_CURSOR',
      message: expect.stringContaining('Start again without `after`.'),
    });
  });

  it('reports a cursor whose page token AWS no longer accepts as expired', async () => {
    const beyond =
      'query ($after: String) { organization { accounts(first: 20, after: $after) { nodes { id } pageInfo { endCursor } } } }';
    const after: string = (await demo.query(beyond)).data.organization.accounts.pageInfo.endCursor;
    demo.simulator.control.fail({
      operation: 'ListAccounts',
      failure: { kind: 'error', error: 'InvalidInputException', reason: 'INVALID_NEXT_TOKEN' },
      times: 1,
    });
    expect(await errorOf(beyond, { after })).toMatchObject({ code: 'INVALID_CURSOR', reason: 'EXPIRED' });
  });
});

it('an invalid timestamp is rejected with its path and the expected form, without a call', async () => {
  const answer = await demo.query(
    'mutation ($input: TerminateResponsibilityTransferInput!) { terminateResponsibilityTransfer(input: $input) { __typename } }',
    { input: { id: 'rt-12345678', endTimestamp: 'end of May' } },
  );
  expect(answer.errors?.[0]?.message).toMatch(
    /\$input.*input\.endTimestamp.*DateTime: "end of May" is not a point in time.*such as "2026-01-01T00:00:00Z"/s,
  );
  expect(answer.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  expect(answer.extensions.upstream.calls).toBe(0);
});

it('a not-found exception instead of an empty list is an empty connection', async () => {
  const answer = await demo.query(
    '{ account(id: "111111111111") { delegatedServices { totalCount nodes { servicePrincipal } } } organization { inboundResponsibilityTransfers(id: "rt-99999999") { nodes { id } } } }',
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual({
    account: { delegatedServices: { totalCount: 0, nodes: [] } },
    organization: { inboundResponsibilityTransfers: { nodes: [] } },
  });
});

it('two whole lists may be counted in one operation', async () => {
  const answer = await demo.query(
    '{ organization { accounts(first: 1) { totalCount } handshakes(first: 1) { totalCount } } }',
  );
  expect(answer.errors).toBeUndefined();
});

it('a policy that is not JSON is MalformedPolicyDocumentException, with the position of the fault', async () => {
  const answer = await demo.query(
    `mutation { createPolicy(input: { name: "n", description: "d", type: SERVICE_CONTROL_POLICY, content: "{ not json" }) { __typename ... on Error { message requestId } } }`,
  );
  expect(answer.data.createPolicy).toMatchObject({
    __typename: 'MalformedPolicyDocumentException',
    message: expect.stringMatching(/line 1/),
    requestId: expect.any(String),
  });
});

it('an account in no organization has organization null, and viewer still works', async () => {
  const answer = await demo.query(
    '{ viewer { caller principal { name accountId } principals { name } handshakes { nodes { id } } } organization { id } root { id } account(id: "222222222222") { id } }',
    {},
    { principal: 'standalone' },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject({
    viewer: {
      caller: 'anonymous',
      principal: { name: 'standalone', accountId: '222222222222' },
      principals: [{ name: 'partner' }, { name: 'customer' }, { name: 'standalone' }],
      handshakes: { nodes: expect.any(Array) },
    },
    organization: null,
    root: null,
    account: null,
  });
});

it('access denied is reported with operation and request id, and does not affect other fields', async () => {
  demo.simulator.control.failNext('ListPolicies', 'AccessDeniedException');
  const error = await errorOf('{ organization { id policies(type: TAG_POLICY) { nodes { id } } } }');
  expect(error).toMatchObject({
    code: 'AccessDeniedException',
    operation: 'ListPolicies',
    requestId: expect.any(String),
    retryable: false,
  });
  expect(error.answer.data.organization).toEqual({ id: 'o-exampleorgid', policies: null });
});

it('an upstream that does not respond is a timeout error', async () => {
  const recover = demo.simulator.control.fail({ operation: 'DescribePolicy', failure: { kind: 'hang' } });
  const error = await errorOf('{ policy(id: "p-FullAWSAccess") { id } }');
  recover();
  expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', operation: 'DescribePolicy', retryable: true });
});

it('an upstream that is down is reported as unreachable, with its address', async () => {
  await using down = await startDemo({ config: { upstream: { callTimeoutMs: 300, deadlineMs: 10_000 } } });
  await down.simulator.close();
  const answer = await down.query('{ organization { id } }');
  expect(answer.errors?.[0]).toMatchObject({
    message: expect.stringContaining(`127.0.0.1:${down.simulator.port}`),
    extensions: { code: 'UPSTREAM_UNAVAILABLE', operation: 'DescribeOrganization', retryable: true },
  });
});
