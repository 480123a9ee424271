import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
let world: Organization;
beforeAll(async () => {
  demo = await startDemo();
  world = await readOrganization(demo);
});
afterAll(() => demo.close());

interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly state: string;
  readonly joinedMethod: string;
  readonly joinedTimestamp: string;
  readonly paths: readonly [string];
}
interface Unit {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}
interface Organization {
  readonly accounts: readonly Account[];
  readonly units: readonly Unit[];
  readonly rootId: string;
}

/** Everything that the simulator has, read without filters. */
async function readOrganization({ query }: Demo): Promise<Organization> {
  const { data } = await query(`{ organization {
    root { id }
    accounts(first: 1000) { nodes { id name email state joinedMethod joinedTimestamp paths } }
  } }`);
  const units: Unit[] = [];
  const readUnits = async (parentId: string): Promise<void> => {
    const answer = await query(
      'query ($id: ID!) { node(id: $id) { ... on Parent { organizationalUnits(first: 1000) { nodes { id name path } } } } }',
      { id: parentId },
    );
    for (const unit of answer.data.node.organizationalUnits.nodes as Unit[]) {
      units.push(unit);
      await readUnits(unit.id);
    }
  };
  const { root, accounts } = data.organization;
  await readUnits(root.id);
  return { accounts: accounts.nodes, units, rootId: root.id };
}

const lower = (text: string) => text.toLowerCase();
const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
const sortedIds = (items: readonly { readonly id: string }[]) => items.toSorted(byId).map(({ id }) => id);

const accountsQuery = `query ($filter: AccountFilter, $orderBy: AccountOrder, $first: Int = 1000, $after: String) {
  organization { accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id } totalCount pageInfo { endCursor hasNextPage }
  } }
}`;

async function findAccounts(variables: object): Promise<{ ids: string[]; totalCount: number }> {
  const { data, errors } = await demo.query(accountsQuery, { ...variables });
  expect(errors).toBeUndefined();
  const { nodes, totalCount } = data.organization.accounts;
  return { ids: nodes.map(({ id }: Account) => id), totalCount };
}

describe('organization.accounts(filter:)', () => {
  const unit = (name: string) => world.units.find((one) => one.name === name)?.id ?? '';
  it.each<[string, () => object, (account: Account) => boolean]>([
    ['text in the name', () => ({ text: 'CHECK' }), ({ name }) => lower(name).includes('check')],
    ['text in the id', () => ({ text: '1111111' }), ({ id }) => id.includes('1111111')],
    ['nameContains', () => ({ nameContains: 'pro' }), ({ name }) => lower(name).includes('pro')],
    ['emailContains', () => ({ emailContains: 'AWS' }), ({ email }) => lower(email).includes('aws')],
    ['states', () => ({ states: ['SUSPENDED', 'CLOSED'] }), ({ state }) => /SUSPENDED|CLOSED/.test(state)],
    ['joinedMethod', () => ({ joinedMethod: 'INVITED' }), ({ joinedMethod }) => joinedMethod === 'INVITED'],
    [
      'joinedSince, with the moment itself',
      () => ({ joinedSince: world.accounts[30]?.joinedTimestamp }),
      ({ joinedTimestamp }) => joinedTimestamp >= (world.accounts[30]?.joinedTimestamp ?? ''),
    ],
    [
      'joinedUntil, with the moment itself',
      () => ({ joinedUntil: world.accounts[30]?.joinedTimestamp }),
      ({ joinedTimestamp }) => joinedTimestamp <= (world.accounts[30]?.joinedTimestamp ?? ''),
    ],
    ['under the root', () => ({ under: world.rootId }), () => true],
    [
      'under a unit with units',
      () => ({ under: unit('Managed Customers') }),
      ({ paths }) => paths[0].includes(`/${unit('Managed Customers')}/`),
    ],
    ['under an unknown unit', () => ({ under: 'ou-exmp-99999999' }), () => false],
    [
      'ids, with an unknown one',
      () => ({ ids: ['999999999999', ...world.accounts.slice(3, 6).map(({ id }) => id)] }),
      ({ id }) => world.accounts.slice(3, 6).some((account) => account.id === id),
    ],
    [
      'ids that another condition must hold for',
      () => ({ ids: world.accounts.map(({ id }) => id), states: ['ACTIVE'], nameContains: 'a' }),
      ({ state, name }) => state === 'ACTIVE' && lower(name).includes('a'),
    ],
    [
      'several conditions',
      () => ({ under: unit('Managed Customers'), nameContains: 'o', states: ['ACTIVE'] }),
      ({ paths, name, state }) =>
        paths[0].includes(`/${unit('Managed Customers')}/`) && lower(name).includes('o') && state === 'ACTIVE',
    ],
    ['no condition', () => ({}), () => true],
  ])('returns exactly the accounts that match: %s', async (_case, filter, matches) => {
    const expected = sortedIds(world.accounts.filter(matches));
    const { ids, totalCount } = await findAccounts({ filter: filter() });
    expect(ids.toSorted()).toEqual(expected);
    expect(totalCount).toBe(expected.length);
  });

  it('has conditions above that select some accounts and not all', () => {
    const states = new Set(world.accounts.map(({ state }) => state));
    expect(states.size).toBeGreaterThan(1);
    expect(unit('Managed Customers')).toMatch(/^ou-/);
    expect(world.accounts.some(({ joinedMethod }) => joinedMethod === 'INVITED')).toBe(true);
  });

  it('reads pages until `first` accounts match, and continues there', async () => {
    await using fresh = await startDemo({ config: { upstream: { cacheMs: 0 } } });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      fresh.simulator.control.resetRequests();
      const variables: Record<string, unknown> = { filter: { nameContains: 'a' }, first: 7, after };
      const { data, errors } = await fresh.query(accountsQuery.replace('totalCount ', ''), variables);
      expect(errors).toBeUndefined();
      const { nodes, pageInfo } = data.organization.accounts;
      seen.push(...nodes.map(({ id }: Account) => id));
      const lists = fresh.simulator.control.requests().filter(({ operation }) => operation === 'ListAccounts');
      if (nodes.length === 7 && after === null) expect(lists[0]?.count).toBe(1);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    const expected = world.accounts.filter(({ name }) => lower(name).includes('a'));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(expected.length);
  });
});

describe('organization.accounts(orderBy:)', () => {
  const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
  const plain = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  it.each<[string, (a: Account, b: Account) => number]>([
    ['NAME', (a, b) => compare(a.name, b.name)],
    ['EMAIL', (a, b) => compare(a.email, b.email)],
    ['ID', (a, b) => plain(a.id, b.id)],
    ['JOINED', (a, b) => plain(a.joinedTimestamp, b.joinedTimestamp)],
    ['STATE', (a, b) => plain(a.state, b.state)],
  ])('orders by %s in both directions, ties by id, and continues after every cursor', async (field, compareBy) => {
    for (const direction of ['ASC', 'DESC']) {
      const sign = direction === 'ASC' ? 1 : -1;
      const expected = world.accounts.toSorted((a, b) => sign * compareBy(a, b) || byId(a, b)).map(({ id }) => id);
      const orderBy = { field, direction };
      expect((await findAccounts({ orderBy })).ids).toEqual(expected);
      const walked: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { data, errors } = await demo.query(accountsQuery, { orderBy, first: 17, after });
        expect(errors).toBeUndefined();
        const { nodes, pageInfo } = data.organization.accounts;
        walked.push(...nodes.map(({ id }: Account) => id));
        ({ endCursor: after, hasNextPage: more } = pageInfo);
      }
      expect(walked).toEqual(expected);
    }
  });

  it('rejects a cursor of another filter or order', async () => {
    const orderBy = { field: 'NAME', direction: 'ASC' };
    const { data } = await demo.query(accountsQuery, { orderBy, first: 2 });
    const after = data.organization.accounts.pageInfo.endCursor;
    for (const other of [
      { orderBy: { field: 'EMAIL', direction: 'ASC' } },
      { orderBy, filter: { nameContains: 'a' } },
      { filter: { nameContains: 'a' } },
      {},
    ]) {
      const { errors } = await demo.query(accountsQuery, { ...other, after });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_CURSOR', reason: 'OTHER_LIST' });
    }
  });
});

describe('Parent', () => {
  it('accounts and accountCount take the direct accounts or the subtree', async () => {
    for (const { id, path } of [...world.units, { id: world.rootId, path: '' }]) {
      const { data, errors } = await demo.query(
        `query ($id: ID!) { node(id: $id) { ... on Parent {
          direct: accounts(first: 1000) { nodes { id } }
          all: accounts(first: 1000, descendants: true) { nodes { id } totalCount }
          filtered: accounts(first: 1000, descendants: true, filter: { nameContains: "o" }, orderBy: { field: ID }) { nodes { id } }
          own: accounts(first: 1000, filter: { nameContains: "o" }, orderBy: { field: ID }) { nodes { id } }
          accountCount directCount: accountCount(descendants: false)
        } } }`,
        { id },
      );
      expect(errors).toBeUndefined();
      const below = world.accounts.filter(({ paths }) => paths[0].includes(`/${id}/`));
      const direct = below.filter((account) => account.paths[0].endsWith(`/${id}/${account.id}/`));
      const named = (accounts: readonly Account[]) => accounts.filter(({ name }) => lower(name).includes('o'));
      const { node } = data;
      expect(sortedIds(node.direct.nodes)).toEqual(sortedIds(direct));
      expect(sortedIds(node.all.nodes)).toEqual(sortedIds(below));
      expect(node.all.totalCount).toBe(below.length);
      expect(node.filtered.nodes.map((one: Account) => one.id)).toEqual(sortedIds(named(below)));
      expect(node.own.nodes.map((one: Account) => one.id)).toEqual(sortedIds(named(direct)));
      expect([node.accountCount, node.directCount], path).toEqual([below.length, direct.length]);
    }
  });

  it('reads accounts by id only if they are directly in it', async () => {
    const account = world.accounts.find(({ paths }) => paths[0].split('/').length > 4);
    const steps = account?.paths[0].split('/').filter((step) => /^(?:ou|r)-/.test(step)) ?? [];
    const document =
      'query ($id: ID!, $ids: [ID!]) { node(id: $id) { ... on Parent { accounts(filter: { ids: $ids }) { nodes { id } } } } }';
    for (const [index, id] of steps.entries()) {
      const { data } = await demo.query(document, { id, ids: [account?.id] });
      expect(data.node.accounts.nodes).toEqual(index === steps.length - 1 ? [{ id: account?.id }] : []);
    }
  });
});

describe('organization.organizationalUnits', () => {
  const document = `query ($filter: OrganizationalUnitFilter, $first: Int = 1000, $after: String) {
    organization { organizationalUnits(filter: $filter, first: $first, after: $after) {
      nodes { id } totalCount pageInfo { endCursor hasNextPage }
    } }
  }`;
  const read = async (variables: object) => {
    const { data, errors } = await demo.query(document, { ...variables });
    expect(errors).toBeUndefined();
    return data.organization.organizationalUnits;
  };

  it('has every unit once, and continues after every cursor', async () => {
    const all = await read({});
    expect(sortedIds(all.nodes)).toEqual(sortedIds(world.units));
    expect(all.totalCount).toBe(world.units.length);
    const walked: Unit[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo } = await read({ first: 7, after });
      walked.push(...nodes);
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(walked).toEqual(all.nodes);
  });

  it('filters by name and place', async () => {
    const top = world.units.find(({ name }) => name === 'Managed Customers');
    const { nodes } = await read({ filter: { nameContains: 'A', under: top?.id } });
    const expected = world.units.filter(
      ({ id, path, name }) => id !== top?.id && path.includes(`/${top?.id}/`) && lower(name).includes('a'),
    );
    expect(expected.length).toBeGreaterThan(3);
    expect(sortedIds(nodes)).toEqual(sortedIds(expected));
    expect((await read({ filter: { under: 'ou-exmp-99999999' } })).nodes).toEqual([]);
  });
});

it('ancestors of accounts and units begin with the root', async () => {
  const { data, errors } = await demo.query(`{ organization {
    accounts(first: 1000) { nodes { id paths ancestors { id } } }
    organizationalUnits(first: 1000) { nodes { id path ancestors { id ... on OrganizationalUnit { name } } } }
  } }`);
  expect(errors).toBeUndefined();
  const { accounts, organizationalUnits } = data.organization;
  for (const { id, ancestors, paths, path } of [...accounts.nodes, ...organizationalUnits.nodes]) {
    const steps = (paths?.[0] ?? path).split('/').filter((step: string) => /^(?:ou|r)-/.test(step) && step !== id);
    expect(ancestors.map((one: { id: string }) => one.id)).toEqual(steps);
  }
});
