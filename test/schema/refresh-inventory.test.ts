import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { apiKey } from '../support/api-key.ts';
import { type Demo, type LogLine, startDemo } from '../support/gateway.ts';

const refresh = /* GraphQL */ `
  mutation ($lists: [String!]) {
    refreshInventory(input: { lists: $lists }) { inventory { state lists { name asOf } } calls }
  }
`;
const keys = {
  manager: apiKey({ name: 'manager', principals: ['partner', 'standalone'], scopes: ['gateway:manage'] }),
  reader: apiKey({ name: 'reader', principals: ['partner'], scopes: ['read', 'gateway:read'] }),
};
const as = (caller: keyof typeof keys, principal = 'partner') => ({
  principal,
  headers: { authorization: keys[caller].authorization },
});

const audits: LogLine[] = [];
let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({
    config: {
      auth: { type: 'apiKeys', keys: Object.values(keys).map(({ settings }) => settings) },
      inventory: [{ principal: 'partner', maxAgeMs: 600_000, budgetShare: 0.8, tags: false }],
      log: { audit: true },
    },
    onLog: (line) => void (line['audit'] === true && audits.push(line)),
  });
  await vi.waitFor(async () => expect((await inventory()).state).toBe('READY'), { timeout: 30_000, interval: 100 });
}, 40_000);
afterAll(() => demo.close());

interface List {
  readonly name: string;
  readonly calls: number;
}

async function inventory(): Promise<{ readonly state: string; readonly lists: readonly List[] }> {
  const { data } = await demo.query('{ gatewayStatus { inventory { state lists { name calls } } } }', {}, as('reader'));
  return data.gatewayStatus.inventory;
}

test('reads the named lists again, and says how many calls that takes', async () => {
  const before = await inventory();
  const calls = Object.fromEntries(before.lists.map((list) => [list.name, list.calls]));
  const counts = () =>
    (['ListAccounts', 'ListHandshakesForAccount', 'ListPolicies'] as const).map((operation) =>
      demo.simulator.control.requestCount(operation),
    );
  const [accounts = 0, handshakes = 0, policies] = counts();
  const { data, errors } = await demo.query(refresh, { lists: ['accounts', 'accountHandshakes'] }, as('manager'));
  expect(errors).toBeUndefined();
  expect(data.refreshInventory.calls).toBe((calls['accounts'] ?? 0) + (calls['accountHandshakes'] ?? 0));
  expect(data.refreshInventory.calls).toBeGreaterThan(1);
  expect(data.refreshInventory.inventory.lists).toHaveLength(before.lists.length);
  await vi.waitFor(
    () => {
      expect(counts()[0]).toBeGreaterThan(accounts);
      expect(counts()[1]).toBeGreaterThan(handshakes);
    },
    { timeout: 10_000, interval: 50 },
  );
  expect(counts()[2]).toBe(policies);
});

test('reads all lists without names', async () => {
  const operations = [
    ...(['DescribeOrganization', 'ListRoots', 'ListAccounts', 'ListOrganizationalUnitsForParent'] as const),
    ...(['ListPolicies', 'ListTargetsForPolicy', 'DescribePolicy', 'ListDelegatedAdministrators'] as const),
    ...(['ListAWSServiceAccessForOrganization', 'DescribeResourcePolicy', 'ListCreateAccountStatus'] as const),
    ...(['ListHandshakesForOrganization', 'ListHandshakesForAccount'] as const),
    ...(['ListInboundResponsibilityTransfers', 'ListOutboundResponsibilityTransfers'] as const),
  ];
  const counts = () => operations.map((operation) => demo.simulator.control.requestCount(operation));
  const earlier = counts();
  const before = await inventory();
  const { data } = await demo.query('mutation { refreshInventory { calls } }', {}, as('manager'));
  const listed = before.lists.reduce((sum, { calls }) => sum + calls, 0);
  // The organization and its roots are read, too.
  expect(data.refreshInventory.calls).toBe(listed + 2);
  await vi.waitFor(() => expect(operations.filter((_, index) => counts()[index] === earlier[index])).toEqual([]), {
    timeout: 20_000,
    interval: 100,
  });
});

test.for([
  [
    'an unknown list',
    ['accounts', 'acounts'],
    /no list "acounts"\. Its lists are accounts, .*createAccountStatuses\.$/,
  ],
  ['a list that the settings leave out', ['tags'], /no list "tags"/],
  ['no list', [], /names no list/],
] as const)('rejects %s with the valid names', async ([, lists, message]) => {
  const { data, errors } = await demo.query(refresh, { lists }, as('manager'));
  expect(data.refreshInventory).toBeNull();
  expect(errors).toMatchObject([
    { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' }, path: ['refreshInventory'] },
  ]);
});

test('fails where the organization is not copied', async () => {
  const { errors } = await demo.query(refresh, {}, as('manager', 'standalone'));
  expect(errors).toMatchObject([{ extensions: { code: 'INVENTORY_REQUIRED' } }]);
});

test('requires the scope gateway:manage', async () => {
  const { errors } = await demo.query(refresh, {}, as('reader'));
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', missingScopes: ['gateway:manage'] } }]);
});

test('is in the audit log, with the lists and without text of the client', async () => {
  audits.length = 0;
  await demo.query(refresh, { lists: ['policies', 'accounts'] }, as('manager'));
  await demo.query(refresh, { lists: ['anna@example.com'] }, as('manager'));
  const caller = { caller: 'manager', principal: 'partner' };
  expect(audits).toMatchObject([
    { ...caller, operation: 'RefreshInventory', targets: ['accounts', 'policies'], result: 'ok' },
    { ...caller, mutations: ['refreshInventory'], result: 'error', exception: 'BAD_USER_INPUT' },
  ]);
  expect(JSON.stringify(audits)).not.toContain('anna@example.com');
});
