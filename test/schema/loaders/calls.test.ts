import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import { createGateway } from '../../../src/gateway.ts';
import { query } from '../../support/client.ts';
import { inviteCustomers } from '../../support/customers.ts';
import { type Demo, startDemo } from '../../support/gateway.ts';
import { queries } from '../../support/organization-queries.ts';
import { startRewritingProxy } from '../../support/rewriting-proxy.ts';
import { emulated } from '../../support/upstream.ts';

const account = '111111111111';
const accounts = 200;
/** Ten accounts to a unit (worlds/large.ts), all on levels that have units below them. */
const units = 20;

/** The calls that arrived at the simulator since the last reset, by operation. */
function arrived({ simulator }: Demo): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { operation, count } of simulator.control.requests()) calls[operation] = (calls[operation] ?? 0) + count;
  return calls;
}

const pages = (items: number) => Math.ceil(items / 20);
const start = () =>
  startDemo({
    simulator: { seed: 'empty', account, accounts, settings: { quotas: { inboundTransfers: 200 } } },
    config: { upstream: { cacheMs: 0 }, graph: { maxCalls: 1_000_000 } },
  });

describe('an organization of 200 accounts in 20 units', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await start();
    await inviteCustomers(demo.simulator.url, account, 100);
  });
  afterAll(() => demo.close());
  beforeEach(() => demo.simulator.control.resetRequests());

  async function run(document: string, variables = {}) {
    const answer = await demo.query(document, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  }

  it('has all its accounts read from their pages', async () => {
    const data = await run(queries.accounts, { first: accounts });
    expect(data.organization.accounts.nodes).toHaveLength(accounts);
    expect(arrived(demo)).toEqual({ DescribeOrganization: 1, ListAccounts: pages(accounts) });
  });

  describe('of which two accounts administer services', () => {
    const services = ['config.amazonaws.com', 'config-multiaccountsetup.amazonaws.com'];
    let delegated: readonly string[];
    beforeAll(async () => {
      const { organization } = await run('{ organization { accounts(first: 200) { nodes { id } } } }');
      const ids: string[] = organization.accounts.nodes.map(({ id }: { id: string }) => id);
      delegated = [ids[7] ?? '', ids[150] ?? ''];
      for (const service of services) {
        const enabled = `mutation { enableAwsServiceAccess(input: { servicePrincipal: "${service}" }) { __typename } }`;
        await run(enabled);
        for (const id of delegated) {
          const input = `{ accountId: "${id}", servicePrincipal: "${service}" }`;
          const { registerDelegatedAdministrator } = await run(
            `mutation { registerDelegatedAdministrator(input: ${input}) { __typename ... on Error { message } } }`,
          );
          expect(registerDelegatedAdministrator.__typename).toBe('RegisterDelegatedAdministratorPayload');
        }
      }
    });

    it.each([
      [
        'targets of policies',
        `policies(type: SERVICE_CONTROL_POLICY, first: 20) { nodes { targets(first: 300) {
          nodes { target { id ... on Account { delegatedServices { nodes { servicePrincipal } } } } } } } }`,
      ],
      [
        'children of units',
        `root { organizationalUnits(first: 50) { nodes { children(type: ACCOUNT, first: 300) {
          nodes { account { id delegatedServices { nodes { servicePrincipal } } } } } } } }`,
      ],
    ])('makes calls only for the services of these two when it reads %s', async (_, selection) => {
      demo.simulator.control.resetRequests();
      const data = await run(`{ organization { ${selection} } }`);
      const { ListDelegatedAdministrators, ListDelegatedServicesForAccount = 0 } = arrived(demo);
      expect(ListDelegatedAdministrators).toBe(1);
      const shown = delegated.filter((id) => JSON.stringify(data).includes(id));
      expect(ListDelegatedServicesForAccount).toBe(shown.length);
      expect(JSON.stringify(data).split('config.amazonaws.com').length - 1).toBeGreaterThanOrEqual(shown.length);
    });

    it('makes calls only for the services of these two, as its estimate says', async () => {
      demo.simulator.control.resetRequests();
      const document = `query ($first: Int!) {
        organization { accounts(first: $first) { nodes { id delegatedServices { nodes { servicePrincipal } } } } } }`;
      const data = await run(document, { first: accounts });
      expect(arrived(demo)).toEqual({
        DescribeOrganization: 1,
        ListAccounts: pages(accounts),
        ListDelegatedAdministrators: 1,
        ListDelegatedServicesForAccount: 2,
      });
      const holders = data.organization.accounts.nodes.filter(
        ({ delegatedServices }: { delegatedServices: { nodes: unknown[] } }) => delegatedServices.nodes.length > 0,
      );
      expect(holders).toEqual(
        delegated.map((id) => ({
          id,
          delegatedServices: { nodes: services.map((servicePrincipal) => ({ servicePrincipal })) },
        })),
      );
      const estimateOf = async (first: number) => {
        const answer = await query(demo.url, {
          document,
          variables: { first },
          as: { headers: { 'x-orgql-estimate': 'only' } },
        });
        return (answer.extensions.upstream as { estimate?: { calls: number } }).estimate?.calls;
      };
      // Organization, pages of accounts, 50 accounts at most that administer services, and the 3 pages that name them.
      expect(await estimateOf(accounts)).toBe(1 + pages(accounts) + 50 + 3);
      expect(await estimateOf(2)).toBe(1 + 1 + 2);
    });

    it('has their services read directly where ListDelegatedAdministrators is refused', async () => {
      const cancel = demo.simulator.control.fail({
        operation: 'ListDelegatedAdministrators',
        failure: { kind: 'error', error: 'AccessDeniedException' },
      });
      demo.simulator.control.resetRequests();
      const data = await run(
        '{ organization { accounts(first: 10) { nodes { id delegatedServices { totalCount } } } } }',
      );
      cancel();
      expect(arrived(demo)).toMatchObject({ ListDelegatedServicesForAccount: 10 });
      const counts = data.organization.accounts.nodes.map(
        ({ delegatedServices }: { delegatedServices: { totalCount: number } }) => delegatedServices.totalCount,
      );
      expect(counts).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
    });
  });

  it('has its tree read from the lists of its units and one list of all accounts', async () => {
    const data = await run(queries.tree);
    const seen = accountsIn(data.organization.root);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(accounts);
    expect(seen.every(({ parent, at }) => parent?.id === at)).toBe(true);
    const least = {
      DescribeOrganization: 1,
      ListRoots: 1,
      ListAccounts: pages(accounts),
      ListOrganizationalUnitsForParent: 1 + units,
    };
    expect(arrived(demo)).toEqual(least);
    // Knowing the size of it from the first time changes nothing.
    demo.simulator.control.resetRequests();
    await run(queries.tree);
    expect(arrived(demo)).toEqual(least);
  });

  it('has the policies of its tree read from the targets of its policies', async () => {
    const data = await run(queries.treeWithPolicies);
    const seen = accountsIn(data.organization.root);
    expect(seen).toHaveLength(accounts);
    expect(seen.every(({ policies }) => policies?.nodes[0]?.id === 'p-FullAWSAccess')).toBe(true);
    expect(arrived(demo)).toEqual({
      DescribeOrganization: 1,
      ListRoots: 1,
      ListAccounts: pages(accounts),
      ListOrganizationalUnitsForParent: 1 + units,
      ListPolicies: 1,
      ListTargetsForPolicy: pages(accounts + units + 1),
    });
  });

  it('has the names of units read from the lists of the units above', async () => {
    const data = await run(queries.accountsWithParents, { first: accounts });
    expect(data.organization.accounts.nodes.every((node: Node) => node.parent?.name !== undefined)).toBe(true);
    const { DescribeOrganizationalUnit = 0, ListOrganizationalUnitsForParent = 0, ...others } = arrived(demo);
    expect(others).toEqual({ DescribeOrganization: 1, ListAccounts: pages(accounts), ListRoots: 1 });
    // The root's four, and the sixteen below them, four by four.
    expect({ DescribeOrganizationalUnit, ListOrganizationalUnitsForParent }).toEqual({
      DescribeOrganizationalUnit: 0,
      ListOrganizationalUnitsForParent: 5,
    });
  });

  it('has tags read account by account', async () => {
    await run(queries.tags, { first: 200 });
    expect(arrived(demo)).toEqual({ DescribeOrganization: 1, ListAccounts: 10, ListTagsForResource: 200 });
  });

  it('has a hundred handshakes and their transfers read from two lists', async () => {
    const data = await run(queries.handshakes, { first: 100 });
    const { nodes } = data.organization.handshakes;
    expect(nodes).toHaveLength(100);
    expect(
      nodes.every(
        ({ responsibilityTransfer }: { responsibilityTransfer: { status: string } }) => responsibilityTransfer.status,
      ),
    ).toBe(true);
    expect(arrived(demo)).toEqual({
      DescribeOrganization: 1,
      ListHandshakesForOrganization: 5,
      ListInboundResponsibilityTransfers: 5,
    });
  });

  it('costs the same calls for fifty concurrent clients as for one', async () => {
    await using shared = await startDemo({
      simulator: { seed: 'empty', account, accounts, latencyMs: 20 },
      config: { graph: { maxCalls: 1_000_000 }, upstream: { cacheMs: 60_000 } },
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => shared.query(queries.tree)));
    expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
    expect(arrived(shared)).toEqual({
      DescribeOrganization: 1,
      ListRoots: 1,
      ListAccounts: pages(accounts),
      ListOrganizationalUnitsForParent: 1 + units,
    });
  });

  it('has a few accounts read by id, and many from the list', async () => {
    const { organization } = await run(queries.accounts, { first: accounts });
    const ids: string[] = organization.accounts.nodes.map(({ id }: Node) => id);
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { name } } }';
    for (const [count, calls] of [
      [5, { DescribeAccount: 5 }],
      [120, { ListAccounts: pages(accounts) }],
    ] as const) {
      demo.simulator.control.resetRequests();
      const data = await run(nodes, { ids: ids.slice(-count) });
      expect(data.nodes.map(({ id }: Node) => id)).toEqual(ids.slice(-count));
      expect(arrived(demo)).toEqual(calls);
    }
  });

  it('is not scanned again after it was too large for a scan', async () => {
    await using fresh = await start();
    const [root] = fresh.simulator.world.organizations.values();
    const some = '{ root { organizationalUnits { nodes { id accounts(first: 100) { nodes { id } } } } } }';
    expect(root).toBeDefined();
    fresh.simulator.control.resetRequests();
    await fresh.query(some);
    // The four units at the top could be read in four calls: as many are spent on trying, once.
    expect(arrived(fresh)).toMatchObject({ ListAccounts: 4, ListAccountsForParent: 4 });
    fresh.simulator.control.resetRequests();
    await fresh.query(some);
    expect(arrived(fresh)).toEqual({ ListRoots: 1, ListOrganizationalUnitsForParent: 1, ListAccountsForParent: 4 });
  });

  it('falls back to direct reads if a list of the scan is refused', async () => {
    const recover = demo.simulator.control.fail({
      operation: 'ListAccounts',
      failure: { kind: 'error', error: 'AccessDeniedException' },
    });
    const data = await run(queries.tree);
    recover();
    expect(accountsIn(data.organization.root)).toHaveLength(accounts);
    expect(arrived(demo)).toMatchObject({ ListAccounts: 1, ListAccountsForParent: 1 + units });
  });

  it('falls back to direct reads if accounts have no paths, and does not scan again', async () => {
    await using emulator = await startRewritingProxy(demo.simulator.url, (_operation, reply) =>
      JSON.parse(JSON.stringify(reply, (key, value) => (key === 'Paths' || key === 'Path' ? undefined : value))),
    );
    await using gateway = await createGateway(
      configSchema.parse({
        port: 0,
        principals: [emulated('partner', account, emulator.url)],
        upstream: { cacheMs: 0, budget: 'off' },
        graph: { maxCalls: 1_000_000 },
        log: { level: 'error' },
      }),
    );
    for (const tries of [1, 0]) {
      demo.simulator.control.resetRequests();
      const answer = await query(gateway.url, { document: queries.tree });
      expect(answer.errors).toBeUndefined();
      const seen = accountsIn(answer.data.organization.root);
      expect(seen).toHaveLength(accounts);
      expect(seen.every(({ parent, at }) => parent?.id === at)).toBe(true);
      const { ListAccounts = 0, ...others } = arrived(demo);
      expect(ListAccounts).toBe(tries);
      expect(others).toMatchObject({ ListAccountsForParent: 1 + units, ListParents: accounts + units });
    }
  });
});

interface Node {
  readonly id: string;
  readonly parent?: { readonly id: string; readonly name?: string } | null;
}

interface SeenAccount extends Node {
  readonly policies?: { readonly nodes: readonly { readonly id: string }[] };
}

interface Branch {
  readonly id: string;
  readonly accounts: { readonly nodes: readonly SeenAccount[] };
  readonly organizationalUnits?: { readonly nodes: readonly Branch[] };
}

/** The accounts in an answer's tree, each with where it stands. */
function accountsIn({ id, accounts: own, organizationalUnits }: Branch): (SeenAccount & { at: string })[] {
  return [...own.nodes.map((node) => ({ ...node, at: id })), ...(organizationalUnits?.nodes ?? []).flatMap(accountsIn)];
}

describe('an assembled list', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ config: { upstream: { cacheMs: 0 }, graph: { maxCalls: 1_000_000 } } });
  });
  afterAll(() => demo.close());

  const many =
    '{ organization { root { organizationalUnits(first: 100) { nodes { id accounts(first: 100) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } } } } } }';
  const one =
    'query ($id: ID!, $first: Int, $after: String) { organizationalUnit(id: $id) { accounts(first: $first, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } } }';

  interface Accounts {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
    edges: { cursor: string; node: Node }[];
  }
  const idsOf = ({ edges }: Accounts) => edges.map(({ node }) => node.id);
  const planned = async (): Promise<{ id: string; accounts: Accounts }[]> => {
    demo.simulator.control.resetRequests();
    const answer = await demo.query(many);
    expect(arrived(demo)).not.toHaveProperty('ListAccountsForParent');
    return answer.data.organization.root.organizationalUnits.nodes;
  };
  const direct = async (id: string, args = {}): Promise<Accounts> => {
    demo.simulator.control.resetRequests();
    const answer = await demo.query(one, { id, first: 100, ...args });
    expect(answer.errors).toBeUndefined();
    return answer.data.organizationalUnit.accounts;
  };

  it('has the items of the list itself', async () => {
    for (const { id, accounts: together } of await planned()) {
      const itself = await direct(id);
      expect(idsOf(together)).toEqual(idsOf(itself));
      expect(together.totalCount).toBe(itself.totalCount);
      expect(together.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
      expect(together.pageInfo.endCursor).toBe(together.edges.at(-1)?.cursor ?? null);
    }
  });

  it('continues at every cursor in the list itself, with every account once', async () => {
    const branches = await planned();
    const largest = branches.toSorted((a, b) => b.accounts.edges.length - a.accounts.edges.length)[0];
    if (!largest) throw new Error('no units');
    const all = idsOf(largest.accounts);
    expect(all.length).toBeGreaterThan(20);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: all.length - 1 }), fc.integer({ min: 1, max: 30 }), async (at, first) => {
        const seen = all.slice(0, at + 1);
        for (let after = largest.accounts.edges[at]?.cursor; ; ) {
          const rest = await direct(largest.id, { first, after });
          expect(rest.pageInfo.hasPreviousPage).toBe(true);
          expect(arrived(demo)).not.toHaveProperty('ListAccounts');
          seen.push(...idsOf(rest));
          if (!rest.pageInfo.hasNextPage) break;
          after = rest.pageInfo.endCursor ?? undefined;
        }
        expect(seen).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });

  it('continues if the list itself has another order, as after moves', async () => {
    const [from, to] = (await planned()).filter(({ accounts: { edges } }) => edges.length > 2);
    if (!from || !to) throw new Error('no units with accounts');
    // Early in the list of all accounts, and last in the list of the unit that it is moved to.
    const moved = [...idsOf(from.accounts), ...idsOf(to.accounts)].toSorted()[0] ?? '';
    const [source, destination] = idsOf(from.accounts).includes(moved) ? [from, to] : [to, from];
    const answer = await demo.query(
      'mutation ($input: MoveAccountInput!) { moveAccount(input: $input) { __typename ... on Error { message } } }',
      {
        input: { accountId: idsOf(source.accounts)[0], sourceParentId: source.id, destinationParentId: destination.id },
      },
    );
    expect(answer.data.moveAccount).toEqual({ __typename: 'MoveAccountPayload' });
    const after = (await planned()).find(({ id }) => id === destination.id)?.accounts;
    if (!after) throw new Error('the unit is gone');
    const all = idsOf(after);
    expect(new Set(all)).toEqual(new Set(idsOf(await direct(destination.id))));
    for (const [at, { cursor }] of after.edges.entries()) {
      const rest = idsOf(await direct(destination.id, { after: cursor }));
      expect(new Set([...all.slice(0, at + 1), ...rest])).toEqual(new Set(all));
      expect(rest).toHaveLength(all.length - at - 1);
    }
  });
});
