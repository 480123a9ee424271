import { parse, validate } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { estimate } from '../../src/schema/cost/estimate.ts';
import { schema } from '../../src/schema/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());
beforeEach(() => demo.simulator.control.resetRequests());

/** The operations that were called, beside the one that reads the organization itself. */
const searched = () =>
  demo.simulator.control.requests().flatMap(({ operation }) => (operation === 'DescribeOrganization' ? [] : operation));

describe('an invalid condition is named, before AWS is called', () => {
  it.each([
    ['accounts(filter: { ids: [] })', 'filter.ids', /the list is empty/],
    [
      'accounts(filter: { ids: ["111111111111", "ou-exmp-11111111"] })',
      'filter.ids[1]',
      /is the id of an OrganizationalUnit, not of an Account/,
    ],
    ['accounts(filter: { text: "" })', 'filter.text', /blank/],
    ['accounts(filter: { nameContains: "  " })', 'filter.nameContains', /blank/],
    [
      `accounts(filter: { emailContains: "${'a'.repeat(129)}" })`,
      'filter.emailContains',
      /129 characters; the maximum is 128/,
    ],
    ['accounts(filter: { states: [] })', 'filter.states', /the list is empty/],
    ['accounts(filter: { under: "111111111111" })', 'filter.under', /not the id of a root/],
    [
      'accounts(filter: { joinedSince: "2026-02-01T00:00:00Z", joinedUntil: "2026-01-01T00:00:00Z" })',
      'filter.joinedSince',
      /2026-02-01T00:00:00.000Z is after filter.joinedUntil/,
    ],
    ['accounts(filter: { tags: [] })', 'filter.tags', /the list is empty/],
    ['accounts(filter: { tags: [{ key: "" }] })', 'filter.tags[0].key', /the key is empty/],
    ['accounts(filter: { tags: [{ key: "a" }, { key: "b", values: [] }] })', 'filter.tags[1].values', /empty/],
    [
      'accounts(filter: { tags: [{ key: "a", values: ["b"], exists: false }] })',
      'filter.tags[0].exists',
      /contradicts/,
    ],
    ['accounts(filter: { policy: { id: "111111111111" } })', 'filter.policy.id', /is the id of an Account/],
    ['organizationalUnits(filter: { nameContains: "" })', 'filter.nameContains', /blank/],
    ['organizationalUnits(filter: { under: "x" })', 'filter.under', /"x" is not the id of a root/],
    ['handshakes(filter: { states: [] })', 'filter.states', /the list is empty/],
    ['handshakes(filter: { text: "" })', 'filter.text', /blank/],
    ['handshakes(filter: { parentHandshakeId: "x" })', 'filter.parentHandshakeId', /not an id/],
    [
      'inboundResponsibilityTransfers(filter: { startsInMonth: "2026-13" })',
      'filter.startsInMonth',
      /"2026-13" is not a month.*YYYY-MM/,
    ],
    ['inboundResponsibilityTransfers(filter: { endsInMonth: "26-01" })', 'filter.endsInMonth', /not a month/],
    ['outboundResponsibilityTransfers(filter: { billedInMonth: "2026-1" })', 'filter.billedInMonth', /not a month/],
    ['outboundResponsibilityTransfers(filter: { statuses: [] })', 'filter.statuses', /the list is empty/],
    ['outboundResponsibilityTransfers(id: "x")', 'outboundResponsibilityTransfers(id:)', /not an id/],
    ['accounts(first: 0, orderBy: { field: NAME })', 'first', /too small/],
    ['accounts(first: 1001, filter: { ids: ["111111111111"] })', 'first', /maximum/],
    ['organizationalUnits(first: 0)', 'first', /too small/],
  ])('%s', async (field, argument, message) => {
    const { data, errors } = await demo.query(`{ organization { ${field} { pageInfo { hasNextPage } } } }`);
    expect(Object.values(data.organization)).toEqual([null]);
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
    expect(searched()).toEqual([]);
  });

  it('also in subscriptions, which report a handshake in every state', async () => {
    const events = demo.subscribe(
      'subscription { organizationHandshakeChanges(filter: { states: [OPEN] }) { handshake { id } } }',
    );
    await expect(events.event()).rejects.toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'filter.states' } },
    ]);
  });

  it('of more ids than the maximum', async () => {
    const { errors } = await demo.query(
      'query ($ids: [ID!]) { organization { accounts(filter: { ids: $ids }) { nodes { id } } } }',
      { ids: Array.from({ length: 1001 }, () => '111111111111') },
    );
    expect(errors?.[0]?.message).toMatch(/1001 values are above the maximum of 1000/);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'filter.ids' });
    expect(searched()).toEqual([]);
  });
});

it.each([
  ['accounts(filter: { tags: [{ key: "a" }] })', 'filter.tags'],
  ['accounts(filter: { policy: { id: "p-12345678" } })', 'filter.policy'],
  ['organizationalUnits(filter: { tags: [{ key: "a", values: ["b"] }] })', 'filter.tags'],
  [
    'root { accounts(filter: { tags: [{ key: "a", exists: false }] }, descendants: true) { nodes { id } } }',
    'filter.tags',
  ],
])('refuses a condition that needs a call per object, and names the setting: %s', async (field, argument) => {
  const selection = field.endsWith('}') ? field : `${field} { nodes { id } }`;
  const { errors } = await demo.query(`{ organization { ${selection} } }`);
  expect(errors?.[0]?.message).toContain('`inventory`');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVENTORY_REQUIRED', argument, retryable: false });
  expect(searched()).not.toContain('ListAccounts');
});

describe('the estimate counts what a search may read', () => {
  const settings = { maxFirst: 1000, accounts: 10_000, maxValues: 1_000_000 };
  const tree = 1 + 2001 + 100;
  it.each([
    ['{ organization { accounts(first: 20) { nodes { id } } } }', 1 + 1],
    ['{ organization { accounts(first: 20, filter: {}) { nodes { id } } } }', 1 + 1],
    ['{ organization { accounts(first: 20, filter: { text: "a" }) { nodes { id } } } }', 1 + 500],
    ['{ organization { accounts(first: 20, orderBy: { field: NAME }) { nodes { id } } } }', 1 + 500],
    // All of them read the same list.
    [
      `{ organization { a: accounts(orderBy: { field: NAME }) { nodes { id } } b: accounts(filter: { text: "a" }) { totalCount }
         root { accountCount accounts(descendants: true) { nodes { id } } } } }`,
      1 + 500 + 1,
    ],
    ['{ organization { accounts(filter: { ids: ["111111111111", "222222222222"] }) { nodes { id } } } }', 1 + 2],
    ['{ organization { accounts(filter: { ids: [] }) { nodes { id } } } }', 1],
    ['{ organization { organizationalUnits(first: 1) { nodes { id } } } }', 1 + tree],
    [
      '{ organization { organizationalUnits(first: 50) { nodes { accountCount } } a: organizationalUnits(filter: { nameContains: "a" }) { nodes { id } } } }',
      1 + tree + 500,
    ],
    ['{ root { accountCount(descendants: false) } }', 1 + 500],
    ['{ root { accounts(first: 20, filter: { text: "a" }) { nodes { id } } } }', 1 + 500],
    ['{ organization { handshakes(first: 20, filter: { actionType: INVITE }) { nodes { id } } } }', 1 + 1],
    ['{ organization { handshakes(first: 20, filter: { states: [OPEN] }) { nodes { id } } } }', 1 + 500],
    ['{ viewer { handshakes(first: 20, filter: { text: "a" }) { nodes { id } } } }', 500],
    ['{ organization { inboundResponsibilityTransfers(filter: { statuses: [ACCEPTED] }) { nodes { id } } } }', 1 + 500],
    [
      '{ organization { accounts(first: 20) { nodes { ancestors { id } } } responsibilityTransferDates { starts } } }',
      1 + 1,
    ],
  ])('of %s is %i', (text, calls) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    expect(estimate(schema, { document, variables: {} }, settings).calls).toBe(calls);
  });
});
