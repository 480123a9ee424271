import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { apiKey } from '../support/api-key.ts';
import { accountIdOf, copySettings, organizationOf, unitId } from '../support/copied-organization.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

// The history of an organization, as callers see it over HTTP.

const HINT_KEY = 'a key that is hard to guess';
const auditor = apiKey({ name: 'auditor', principals: ['partner'] });
const operator = apiKey({
  name: 'operator',
  principals: ['partner', 'standalone'],
  scopes: ['read', 'organization:write', 'gateway:manage'],
});
const [moved, tagged, hinted, polled] = [1, 2, 3, 4].map(accountIdOf) as [string, string, string, string];

let aws: UpstreamWorld;
let gateway: Gateway;
let proxy: Awaited<ReturnType<typeof startRewritingProxy>>;
/** Members of the organization that AWS has changed since, as after a change of the management account's address. */
let organizationNow: object = {};

const rewrite = (operation: string, reply: unknown) => {
  const { Organization } = reply as { readonly Organization?: object };
  return operation === 'DescribeOrganization' ? { Organization: { ...Organization, ...organizationNow } } : reply;
};

interface Asked {
  readonly variables?: object;
  readonly as?: { readonly authorization: string };
  readonly principal?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its result.
const ask = async (query: string, { variables, as = auditor, principal }: Asked = {}): Promise<any> => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: as.authorization,
      ...(principal !== undefined && { 'x-orgql-principal': principal }),
    },
    body: JSON.stringify({ query, variables, extensions: { orgql: { maxAge: 600 } } }),
  });
  return await response.json();
};

const FIELDS = `edges { cursor node { id observedAt kind type objectId objectName object { __typename id }
  members { name before after } source caller requestId } }
  nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } gaps { since until objectId missing }`;
const HISTORY = `query ($first: Int, $after: String, $filter: HistoryFilter) {
  organization { history(first: $first, after: $after, filter: $filter) { ${FIELDS} } } }`;

const history = async (filter: object = {}, more: Asked & { first?: number; after?: string } = {}) => {
  const { first = 100, after, ...asked } = more;
  const { data, errors, extensions } = await ask(HISTORY, { variables: { first, after, filter }, ...asked });
  expect(errors).toBeUndefined();
  expect(extensions.upstream.calls).toBe(0);
  const { edges, nodes, pageInfo, gaps } = data.organization.history;
  const changes = edges.map(({ node }: { readonly node: { readonly id: string } }) => node);
  expect(nodes).toEqual(changes.map(({ id }: { readonly id: string }) => ({ id })));
  return { changes, edges, pageInfo, gaps };
};

const changesOf = async (objectId: string, more: Asked = {}) =>
  (await history({ objectIds: [objectId] }, more)).changes;

const mutate = async (field: string, input: string, as = operator) => {
  const { data, errors } = await ask(`mutation { ${field}(input: ${input}) { __typename ... on Error { message } } }`, {
    as,
  });
  expect(errors).toBeUndefined();
  expect(data[field].message).toBeUndefined();
};

beforeAll(async () => {
  aws = await startUpstream({ simulator: { seed: organizationOf(30) } });
  proxy = await startRewritingProxy(aws.simulator.url, rewrite);
  const settings = copySettings(proxy.url, {
    auth: { type: 'apiKeys', keys: [auditor.settings, operator.settings] },
    hints: { eventbridge: { apiKey: HINT_KEY } },
    watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000 },
  });
  gateway = await createGateway(configSchema.parse(settings));
  const expectReady = async () => {
    const { data } = await ask('{ organization { inventory { state } } }');
    expect(data?.organization.inventory.state).toBe('READY');
  };
  await vi.waitFor(expectReady, { timeout: 60_000, interval: 100 });
}, 70_000);
afterAll(async () => {
  await gateway.close();
  await proxy[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
});

const sendEvent = async (event: object) => {
  const { status } = await fetch(new URL('/hints/eventbridge', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': HINT_KEY },
    body: JSON.stringify(event),
  });
  expect(status).toBe(202);
};

const place = (accountId: string, sourceParentId: string, destinationParentId: string) =>
  `{ accountId: "${accountId}", sourceParentId: "${sourceParentId}", destinationParentId: "${destinationParentId}" }`;

describe('a write through the gateway', () => {
  it('is in the history of the organization and of the object, with its caller and request', async () => {
    const before = Date.now();
    await mutate('moveAccount', place(moved, 'r-root', unitId));
    const [change, ...others] = await changesOf(moved);
    expect(others).toEqual([]);
    expect(change).toEqual({
      ...{ id: expect.any(String), observedAt: expect.any(String), kind: 'CHANGED', type: 'ACCOUNT', objectId: moved },
      ...{ objectName: 'account 1', object: { __typename: 'Account', id: moved } },
      members: [{ name: 'parent', before: 'r-root', after: unitId }],
      ...{ source: 'GATEWAY', caller: 'operator', requestId: expect.any(String) },
    });
    expect(Date.parse(change.observedAt)).toBeGreaterThanOrEqual(before);
    const { data } = await ask(`{ account(id: "${moved}") { history(first: 5) { ${FIELDS} } } }`);
    expect(data.account.history.edges.map(({ node }: { readonly node: object }) => node)).toEqual([change]);
  });

  it('shows its caller and request to callers with the scope audit:read only, and finds it for them only', async () => {
    await mutate('tagResource', `{ resourceId: "${tagged}", tags: [{ key: "stage", value: "prod" }] }`);
    const [change] = await changesOf(tagged, { as: operator });
    expect(change).toMatchObject({
      ...{ kind: 'ADDED', type: 'TAG', objectId: tagged, objectName: 'account 2', source: 'GATEWAY' },
      members: [{ name: 'tags', before: [], after: [{ key: 'stage', value: 'prod' }] }],
      ...{ caller: null, requestId: null },
    });
    const filter = { callers: ['operator'], types: ['TAG'] };
    expect((await history(filter)).changes).toMatchObject([{ objectId: tagged, caller: 'operator' }]);
    expect((await history({ callers: ['auditor'] })).changes).toEqual([]);
    const { errors, data } = await ask(HISTORY, { variables: { filter }, as: operator });
    expect(data.organization.history).toBeNull();
    expect(errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', missingScopes: ['audit:read'] });
  });

  it('is in the histories of the policy and of its target', async () => {
    const policy = 'p-FullAWSAccess';
    await mutate('enablePolicyType', '{ rootId: "r-root", policyType: TAG_POLICY }');
    const content = JSON.stringify(JSON.stringify({ tags: { stage: { tag_key: { '@@assign': 'stage' } } } }));
    const { data } = await ask(
      `mutation { createPolicy(input: { name: "Stages", description: "", type: TAG_POLICY, content: ${content} }) {
        ... on CreatePolicyPayload { policy { id } } ... on Error { message } } }`,
      { as: operator },
    );
    const { id } = data.createPolicy.policy;
    await mutate('attachPolicy', `{ policyId: "${id}", targetId: "${unitId}" }`);
    const attached = {
      ...{ kind: 'ADDED', type: 'POLICY_ATTACHMENT', objectId: unitId, objectName: 'Workloads' },
      ...{ object: { __typename: 'OrganizationalUnit' }, members: [{ name: 'policy', before: null, after: id }] },
    };
    expect((await changesOf(unitId))[0]).toMatchObject(attached);
    await mutate('detachPolicy', `{ policyId: "${id}", targetId: "${unitId}" }`);
    const changes = await changesOf(id);
    expect(changes.map(({ type, kind }: { type: string; kind: string }) => `${type} ${kind}`)).toEqual([
      'POLICY_ATTACHMENT REMOVED',
      'POLICY_ATTACHMENT ADDED',
      'POLICY ADDED',
    ]);
    expect(changes[2]).toMatchObject({ objectName: 'Stages', object: { __typename: 'Policy', id } });
    expect(changes[2].members).toContainEqual({ name: 'name', before: null, after: 'Stages' });
    expect(await changesOf(policy)).toEqual([]);
  });
});

describe('a change of the root or of the organization itself', () => {
  const types = (change: { members: readonly { name: string; before: object[]; after: object[] }[] }) =>
    change.members.map(({ name, before, after }) => [name, before.length, after.length]);

  it('is in the history: a policy type that is enabled', async () => {
    const chatbot = { type: 'CHATBOT_POLICY', status: 'ENABLED' };
    await mutate('enablePolicyType', '{ rootId: "r-root", policyType: CHATBOT_POLICY }');
    const enabled = async () => (await history({ types: ['ROOT'] })).changes;
    await expect.poll(async () => (await enabled())[0]?.members[0].after, { timeout: 10_000 }).toContainEqual(chatbot);
    const [change] = await enabled();
    expect(change).toMatchObject({ kind: 'CHANGED', type: 'ROOT', objectId: 'r-root', objectName: 'Root' });
    expect(change.object).toEqual({ __typename: 'Root', id: 'r-root' });
    // AWS's reply may show the root as it was before, so that a read finds the change.
    expect(change.source).toBe('POLL');
    const [{ before, after }] = change.members;
    expect(types(change)).toEqual([['policyTypes', before.length, before.length + 1]]);
    expect(after).toEqual(expect.arrayContaining([...before, chatbot]));
  });

  it('is in the history: the feature set and the address of the management account', async () => {
    organizationNow = { FeatureSet: 'CONSOLIDATED_BILLING', MasterAccountEmail: 'owner@example.com' };
    await sendEvent({
      ...{ source: 'aws.organizations', account: '111111111111', resources: [] },
      'detail-type': 'AWS API Call via CloudTrail',
      detail: { eventName: 'EnableAllFeatures', recipientAccountId: '111111111111' },
    });
    const id = 'o-exampleorgid';
    await expect.poll(() => changesOf(id), { timeout: 10_000 }).toHaveLength(1);
    expect((await changesOf(id))[0]).toMatchObject({
      ...{ kind: 'CHANGED', type: 'ORGANIZATION', objectId: id, source: 'HINT' },
      object: { __typename: 'Organization', id },
      members: [
        { name: 'featureSet', before: 'ALL', after: 'CONSOLIDATED_BILLING' },
        { name: 'masterAccountEmail', before: 'management@example.com', after: 'owner@example.com' },
      ],
    });
  });
});

describe('a change by others', () => {
  it('that an event reports is a hint', async () => {
    const input = { AccountId: hinted, SourceParentId: 'r-root', DestinationParentId: unitId };
    await aws.session({ memoize: false }).write('MoveAccount', input);
    const event = {
      ...{ source: 'aws.organizations', account: '111111111111', resources: [] },
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        ...{ eventName: 'MoveAccount', recipientAccountId: '111111111111' },
        requestParameters: { accountId: hinted },
      },
    };
    await sendEvent(event);
    await expect.poll(() => changesOf(hinted), { timeout: 10_000 }).toHaveLength(1);
    const [change] = await changesOf(hinted);
    expect(change).toMatchObject({ type: 'ACCOUNT', source: 'HINT', caller: null, requestId: null });
  });

  it('that a sweep finds is a poll', async () => {
    const input = { AccountId: polled, SourceParentId: 'r-root', DestinationParentId: unitId };
    await aws.session({ memoize: false }).write('MoveAccount', input);
    const refresh = 'mutation { refreshInventory(input: { lists: ["accounts"] }) { calls } }';
    expect((await ask(refresh, { as: operator })).errors).toBeUndefined();
    await expect.poll(() => changesOf(polled), { timeout: 10_000 }).toHaveLength(1);
    expect((await changesOf(polled))[0]).toMatchObject({ type: 'ACCOUNT', source: 'POLL', caller: null });
    const sources = (await history({ sources: ['HINT', 'POLL'], types: ['ACCOUNT'] })).changes;
    expect(sources.map(({ objectId }: { objectId: string }) => objectId)).toEqual([polled, hinted]);
  });
});

describe('the history', () => {
  it('outlives its object', async () => {
    const { data } = await ask(
      `mutation { createOrganizationalUnit(input: { parentId: "r-root", name: "Short-lived" }) {
        ... on CreateOrganizationalUnitPayload { organizationalUnit { id } } } }`,
      { as: operator },
    );
    const { id } = data.createOrganizationalUnit.organizationalUnit;
    await mutate('deleteOrganizationalUnit', `{ organizationalUnitId: "${id}" }`);
    const changes = (await history({ objectIds: [id], types: ['ORGANIZATIONAL_UNIT'] })).changes;
    expect(changes).toMatchObject([{ kind: 'REMOVED', object: null, objectName: 'Short-lived' }, { kind: 'ADDED' }]);
    expect(changes[0].members).toContainEqual({ name: 'parent', before: 'r-root', after: null });
    const found = (await history({ text: 'SHORT-LIVED', kinds: ['REMOVED'] })).changes;
    expect(new Set(found.map(({ objectId }: { objectId: string }) => objectId))).toEqual(new Set([id]));
  });

  it('pages backward in time, without a change twice or missing', async () => {
    const all = (await history()).changes;
    expect(all.length).toBeGreaterThan(6);
    const times = all.map(({ observedAt }: { observedAt: string }) => Date.parse(observedAt));
    expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
    const read: object[] = [];
    let after: string | undefined;
    for (let hasNextPage = true; hasNextPage; ) {
      const { changes, edges, pageInfo } = await history({}, { first: 2, ...(after && { after }) });
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.endCursor).toBe(edges.at(-1).cursor);
      read.push(...changes);
      ({ hasNextPage, endCursor: after } = pageInfo);
    }
    expect(read).toEqual(all);
    const [, second] = all;
    const until = { until: second.observedAt, since: second.observedAt };
    expect((await history(until)).changes).toContainEqual(second);
  });

  it('rejects the cursor of another history, and invalid arguments', async () => {
    const { pageInfo } = await history({ types: ['ACCOUNT'] }, { first: 1 });
    const code = async (variables: object) => {
      const { errors } = await ask(HISTORY, { variables });
      return [errors?.[0].extensions.code, errors?.[0].extensions.reason ?? errors?.[0].extensions.argument];
    };
    const after = pageInfo.endCursor;
    expect(await code({ after, filter: { types: ['TAG'] } })).toEqual(['INVALID_CURSOR', 'OTHER_LIST']);
    expect(await code({ after: 'i.nonsense' })).toEqual(['INVALID_CURSOR', 'MALFORMED']);
    expect(await code({ first: 0 })).toEqual(['BAD_USER_INPUT', 'first']);
    expect(await code({ first: 100_000 })).toEqual(['BAD_USER_INPUT', 'first']);
    expect(await code({ filter: { objectIds: [] } })).toEqual(['BAD_USER_INPUT', 'filter.objectIds']);
    expect(await code({ filter: { objectIds: [' '] } })).toEqual(['BAD_USER_INPUT', 'filter.objectIds[0]']);
    expect(await code({ filter: { text: ' ' } })).toEqual(['BAD_USER_INPUT', 'filter.text']);
    const range = { since: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' };
    expect(await code({ filter: range })).toEqual(['BAD_USER_INPUT', 'filter.since']);
  });

  it('is null for a principal whose organization is not kept', async () => {
    const query = `{ account(id: "222222222222") { id } node(id: "222222222222") { ... on History { history { nodes { id } } } } }`;
    const { data } = await ask(query, { as: operator, principal: 'standalone' });
    expect(data.node?.history ?? null).toBeNull();
  });

  it('is estimated without a call, by its length', async () => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: auditor.authorization,
        'x-orgql-estimate': 'only',
      },
      body: JSON.stringify({
        query: '{ organization { history(first: 50) { nodes { id members { name } } } } }',
        extensions: { orgql: { maxAge: 600 } },
      }),
    });
    const { extensions } = await response.json();
    expect(extensions.upstream.estimate).toMatchObject({ calls: 0, values: 503 });
  });
});
