import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer, Subscription } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

// Changes of accounts, units, policies and their attachments, over real sockets.

let demo: Demo;
let root: string;
let unit: string;
let account: string;

beforeAll(async () => {
  demo = await startDemo({
    config: { inventory: [{ principal: 'partner', maxAgeMs: 2_000, tagsMaxAgeMs: 60_000, budgetShare: 0.8 }] },
  });
  const { data } = await demo.query(
    '{ organization { root { id } accounts(filter: { states: [ACTIVE] }) { nodes { id } } } }',
  );
  root = data.organization.root.id;
  const ids: string[] = data.organization.accounts.nodes.map(({ id }: { readonly id: string }) => id);
  account = ids.find((id) => id !== '111111111111') ?? '';
  unit = await createUnit('Watched');
  // Changes of tags are known once all tags have been read.
  const expectReady = async () => {
    const { data: read } = await demo.query('{ organization { inventory { state } } }');
    expect(read.organization.inventory.state).toBe('READY');
  };
  await vi.waitFor(expectReady, { timeout: 50_000, interval: 200 });
}, 60_000);
afterAll(() => demo.close());

const mutate = async (field: string, input: string, selection = '__typename') => {
  const { data, errors } = await demo.query(
    `mutation { ${field}(input: ${input}) { ${selection} ... on Error { message } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data[field].message).toBeUndefined();
  return data[field];
};

const createUnit = async (name: string): Promise<string> => {
  const selection = '... on CreateOrganizationalUnitPayload { organizationalUnit { id } }';
  const payload = await mutate('createOrganizationalUnit', `{ parentId: "${root}", name: "${name}" }`, selection);
  return payload.organizationalUnit.id;
};

const parentOf = async (id: string): Promise<string> =>
  (await demo.query(`{ account(id: "${id}") { parent { id } } }`)).data.account.parent.id;

const move = async (id: string, to: string) =>
  mutate(
    'moveAccount',
    `{ accountId: "${id}", sourceParentId: "${await parentOf(id)}", destinationParentId: "${to}" }`,
  );

/** The code of the error with which a subscription ends at once. */
const codeOf = async (events: Subscription) => {
  const errors = await events.event().then(
    ({ errors: sent }) => sent,
    (rejected: Answer['errors']) => rejected,
  );
  return errors?.[0]?.extensions?.['code'];
};

/** The events up to the first that is no SNAPSHOT and of one of these types. */
const until = async (
  events: Subscription,
  types: readonly string[],
  field: string,
): Promise<readonly Answer['data'][]> => {
  const received: Answer['data'][] = [];
  for (;;) {
    const { data, errors } = await events.event();
    expect(errors).toBeUndefined();
    received.push(data[field]);
    if (types.includes(data[field].type)) return received;
  }
};

const next = async (events: Subscription, field: string) =>
  (await until(events, ['ADDED', 'CHANGED', 'REMOVED'], field)).at(-1);

const ACCOUNTS = `subscription ($after: String, $filter: AccountFilter) {
  accountChanges(after: $after, filter: $filter) { type reset cursor account { id parent { id } } members { name before after } }
}`;

describe.each(['subscribe', 'subscribeBySse'] as const)('%s', (transport) => {
  const accounts = (variables: object = {}) => demo[transport](ACCOUNTS, { ...variables });

  it('sends all accounts, then moves and tags with their members before and after', async () => {
    const events = accounts();
    const snapshot = await until(events, ['BOOKMARK'], 'accountChanges');
    const { data } = await demo.query('{ organization { accounts(first: 1) { totalCount } } }');
    expect(snapshot).toHaveLength(data.organization.accounts.totalCount + 1);
    expect(snapshot.every(({ reset }) => reset)).toBe(true);
    const before = await parentOf(account);
    await move(account, unit);
    expect(await next(events, 'accountChanges')).toMatchObject({
      type: 'CHANGED',
      reset: false,
      account: { id: account, parent: { id: unit } },
      members: [{ name: 'parent', before, after: unit }],
    });
    await mutate('tagResource', `{ resourceId: "${account}", tags: [{ key: "${transport}", value: "yes" }] }`);
    const tagged = await next(events, 'accountChanges');
    expect(tagged).toMatchObject({ type: 'CHANGED', account: { id: account }, members: [{ name: 'tags' }] });
    expect(tagged.members[0].before).not.toContainEqual({ key: transport, value: 'yes' });
    expect(tagged.members[0].after).toContainEqual({ key: transport, value: 'yes' });
    await move(account, before);
    await events.return();
  });

  it('adds and removes accounts that begin and cease to match a filter', async () => {
    const [tag, under] = [{ key: `filter-${transport}`, values: ['on'] }, { under: unit }];
    const tagged = accounts({ filter: { tags: [tag] } });
    const placed = accounts({ filter: under });
    expect(await until(tagged, ['BOOKMARK'], 'accountChanges')).toHaveLength(1);
    const [bookmark] = await until(placed, ['BOOKMARK'], 'accountChanges');
    const before = await parentOf(account);
    await mutate('tagResource', `{ resourceId: "${account}", tags: [{ key: "${tag.key}", value: "on" }] }`);
    expect(await next(tagged, 'accountChanges')).toMatchObject({ type: 'ADDED', members: [{ name: 'tags' }] });
    await mutate('untagResource', `{ resourceId: "${account}", tagKeys: ["${tag.key}"] }`);
    expect(await next(tagged, 'accountChanges')).toMatchObject({ type: 'REMOVED', account: { id: account } });
    await move(account, unit);
    const change = { name: 'parent', before, after: unit };
    expect(await next(placed, 'accountChanges')).toMatchObject({ type: 'ADDED', members: [change] });
    await move(account, before);
    expect(await next(placed, 'accountChanges')).toMatchObject({
      type: 'REMOVED',
      account: { parent: { id: before } },
    });
    // The cursor from before both moves belongs to this filter.
    const resumed = accounts({ filter: under, after: bookmark.cursor });
    const missed = await until(resumed, ['BOOKMARK'], 'accountChanges');
    expect(missed.map(({ type, reset }) => [type, reset])).toEqual([
      ['ADDED', false],
      ['REMOVED', false],
      ['BOOKMARK', false],
    ]);
    const other = accounts({ filter: { under: root }, after: bookmark.cursor });
    expect(await codeOf(other)).toBe('INVALID_CURSOR');
    await Promise.all([tagged, placed, resumed, other].map((events) => events.return()));
  });
});

it('reports a new unit, its name and its end', async () => {
  const events = demo.subscribe(
    'subscription { organizationalUnitChanges { type organizationalUnit { id name } members { name before after } } }',
  );
  await until(events, ['BOOKMARK'], 'organizationalUnitChanges');
  const id = await createUnit('Young');
  const added = await next(events, 'organizationalUnitChanges');
  expect(added).toEqual({ type: 'ADDED', organizationalUnit: { id, name: 'Young' }, members: [] });
  await mutate('updateOrganizationalUnit', `{ organizationalUnitId: "${id}", name: "Old" }`);
  expect((await next(events, 'organizationalUnitChanges')).members).toEqual([
    { name: 'name', before: 'Young', after: 'Old' },
  ]);
  await mutate('deleteOrganizationalUnit', `{ organizationalUnitId: "${id}" }`);
  expect(await next(events, 'organizationalUnitChanges')).toMatchObject({ type: 'REMOVED', members: [] });
  await events.return();
});

it('reports the text of a policy, and where it is attached', async () => {
  const content = (effect: string) =>
    JSON.stringify(
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: '*', Resource: '*' }] }),
    );
  const policies = demo.subscribe(
    'subscription { policyChanges(type: SERVICE_CONTROL_POLICY) { type policy { id name } members { name before after } } }',
  );
  await until(policies, ['BOOKMARK'], 'policyChanges');
  const created = await mutate(
    'createPolicy',
    `{ name: "Story", description: "", type: SERVICE_CONTROL_POLICY, content: ${content('Allow')} }`,
    '... on CreatePolicyPayload { policy { id } }',
  );
  const { id } = created.policy;
  expect(await next(policies, 'policyChanges')).toMatchObject({ type: 'ADDED', policy: { id, name: 'Story' } });
  const attachments = demo.subscribe(
    `subscription { policyAttachmentChanges(policyId: "${id}") { type policy { id } target { id } } }`,
  );
  expect(await until(attachments, ['BOOKMARK'], 'policyAttachmentChanges')).toHaveLength(1);
  await mutate('attachPolicy', `{ policyId: "${id}", targetId: "${unit}" }`);
  const attachment = { policy: { id }, target: { id: unit } };
  expect(await next(attachments, 'policyAttachmentChanges')).toEqual({ type: 'ADDED', ...attachment });
  const applied = demo.subscribe(ACCOUNTS, { filter: { policy: { id, applies: true }, ids: [account] } });
  expect(await until(applied, ['BOOKMARK'], 'accountChanges')).toHaveLength(1);
  const before = await parentOf(account);
  await move(account, unit);
  expect(await next(applied, 'accountChanges')).toMatchObject({ type: 'ADDED', account: { id: account } });
  await mutate('detachPolicy', `{ policyId: "${id}", targetId: "${unit}" }`);
  expect(await next(attachments, 'policyAttachmentChanges')).toEqual({ type: 'REMOVED', ...attachment });
  expect(await next(applied, 'accountChanges')).toMatchObject({ type: 'REMOVED', members: [] });
  await mutate('updatePolicy', `{ policyId: "${id}", content: ${content('Deny')} }`);
  expect(await next(policies, 'policyChanges')).toMatchObject({
    type: 'CHANGED',
    members: [{ name: 'content', before: JSON.parse(content('Allow')), after: JSON.parse(content('Deny')) }],
  });
  await move(account, before);
  await Promise.all([policies, attachments, applied].map((events) => events.return()));
});

it('reports an account that is closed', async () => {
  const events = demo.subscribe(ACCOUNTS, { filter: { states: ['ACTIVE'], ids: [account] } });
  expect(await until(events, ['BOOKMARK'], 'accountChanges')).toHaveLength(2);
  await mutate('closeAccount', `{ accountId: "${account}" }`);
  const closed = await next(events, 'accountChanges');
  expect(closed).toMatchObject({ type: 'REMOVED', account: { id: account } });
  expect(closed.members).toContainEqual({ name: 'state', before: 'ACTIVE', after: 'PENDING_CLOSURE' });
  await events.return();
});

describe('without an inventory', () => {
  const customer = { principal: 'customer' };

  it('reads the lists while they have subscribers', async () => {
    const events = demo.subscribe(ACCOUNTS, {}, customer);
    expect((await until(events, ['BOOKMARK'], 'accountChanges')).length).toBeGreaterThan(1);
    const { data } = await demo.query('{ organization { root { id } } }', {}, customer);
    const units = demo.subscribe(
      'subscription { organizationalUnitChanges { type organizationalUnit { name } } }',
      {},
      customer,
    );
    await until(units, ['BOOKMARK'], 'organizationalUnitChanges');
    const input = `{ parentId: "${data.organization.root.id}", name: "Customer" }`;
    await demo.query(`mutation { createOrganizationalUnit(input: ${input}) { __typename } }`, {}, customer);
    expect(await next(units, 'organizationalUnitChanges')).toEqual({
      type: 'ADDED',
      organizationalUnit: { name: 'Customer' },
    });
    await Promise.all([events.return(), units.return()]);
  });

  it('refuses conditions on what only the copy has', async () => {
    const events = demo.subscribe(ACCOUNTS, { filter: { tags: [{ key: 'team' }] } }, customer);
    expect(await codeOf(events)).toBe('INVENTORY_REQUIRED');
    await events.return();
  });

  it('ends with NOT_IN_ORGANIZATION for an account in no organization', async () => {
    const events = demo.subscribe(ACCOUNTS, {}, { principal: 'standalone' });
    expect(await codeOf(events)).toBe('NOT_IN_ORGANIZATION');
    await events.return();
  });
});
