import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  // Without the cache nothing is left over from another test: what is shared is shared within one operation.
  demo = await startDemo({ config: { upstream: { cacheMs: 0 } } });
});
afterAll(() => demo.close());
beforeEach(() => demo.simulator.control.resetRequests());

/** The calls that arrived at the simulator since the test began, by operation. */
function arrived(): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { operation, count } of demo.simulator.control.requests())
    calls[operation] = (calls[operation] ?? 0) + count;
  return calls;
}
const total = (calls: Record<string, number>) => Object.values(calls).reduce((sum, count) => sum + count, 0);

describe('an operation', () => {
  it('reads an object once, however often and under whatever alias it is selected', async () => {
    const answer = await demo.query(/* GraphQL */ `
      {
        a: account(id: "111111111111") { name }
        b: account(id: "111111111111") { name email arn }
        node(id: "111111111111") { id ... on Account { state } }
        nodes(ids: ["111111111111", "111111111111"]) { ... on Account { joinedMethod } }
      }
    `);
    expect(answer.errors).toBeUndefined();
    expect(arrived()).toEqual({ DescribeAccount: 1 });
    expect(answer.extensions.upstream.calls).toBe(1);
  });

  it('reads the pages that `first` needs, and takes parents from paths', async () => {
    const answer = await demo.query('{ organization { accounts(first: 50) { nodes { id parent { id } } } } }');
    expect(answer.data.organization.accounts.nodes).toHaveLength(50);
    expect(answer.data.organization.accounts.nodes.every(({ parent }: { parent: unknown }) => parent !== null)).toBe(
      true,
    );
    expect(arrived()).toEqual({ DescribeOrganization: 1, ListAccounts: 3 });
    expect(answer.extensions.upstream.calls).toBe(4);
  });

  it('reads a parent that many accounts share once', async () => {
    const answer = await demo.query('{ organization { accounts(first: 60) { nodes { parent { id name } } } } }');
    const parents: { id: string; name: string }[] = answer.data.organization.accounts.nodes.map(
      ({ parent }: { parent: { id: string; name: string } }) => parent,
    );
    expect(parents.every(({ name }) => name.length > 0)).toBe(true);
    const units = new Set(parents.map(({ id }) => id).filter((id) => id.startsWith('ou-')));
    const { DescribeOrganizationalUnit = 0, ListOrganizationalUnitsForParent = 0, ...others } = arrived();
    expect(others).toEqual({ DescribeOrganization: 1, ListAccounts: 3, ListRoots: 1 });
    // Siblings are read together, from their parent's list.
    expect(ListOrganizationalUnitsForParent).toBeGreaterThan(0);
    expect(DescribeOrganizationalUnit + ListOrganizationalUnitsForParent).toBeLessThan(units.size);
  });

  it('costs one read per distinct object: handshakes, their transfers and back', async () => {
    const answer = await demo.query(/* GraphQL */ `
      {
        organization {
          handshakes(filter: { actionType: TRANSFER_RESPONSIBILITY }, first: 40) {
            nodes { id responsibilityTransfer { id status activeHandshake { id state } } }
          }
        }
      }
    `);
    expect(answer.errors).toBeUndefined();
    const handshakes: { id: string; responsibilityTransfer: { id: string } }[] =
      answer.data.organization.handshakes.nodes;
    const transfers = new Set(handshakes.map(({ responsibilityTransfer }) => responsibilityTransfer.id));
    expect(transfers.size).toBeGreaterThan(1);
    expect(arrived()).toEqual({
      DescribeOrganization: 1,
      ListHandshakesForOrganization: Math.max(1, Math.ceil(handshakes.length / 20)),
      // Those 16 are among the 28 of the organization, which two pages hold.
      ListInboundResponsibilityTransfers: 2,
    });
  });

  it('reports in extensions.upstream exactly the calls that arrived', async () => {
    const answer = await demo.query(/* GraphQL */ `
      {
        organization {
          managementAccount { name }
          root { name organizationalUnits(first: 5) { totalCount nodes { name accounts(first: 2) { nodes { name } } policies(type: SERVICE_CONTROL_POLICY) { nodes { name } } } } }
        }
      }
    `);
    expect(answer.errors).toBeUndefined();
    expect(answer.extensions.upstream.calls).toBe(total(arrived()));
    expect(answer.extensions.upstream.calls).toBeGreaterThan(10);
  });

  it('that selects only data of the context makes no call', async () => {
    const answer = await demo.query(
      '{ viewer { caller principal { name accountId } principals { name accountId } } __typename }',
    );
    expect(answer.extensions.upstream).toEqual({ calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 });
    expect(arrived()).toEqual({});
  });
});

it('concurrent reads of the same list are one upstream call', async () => {
  const list = '{ organization { accounts(first: 20) { nodes { id } } } }';
  await using shared = await startDemo({ simulator: { latencyMs: 100 } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => shared.query(list)));
  expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
  expect(shared.simulator.control.requests().map(({ operation, count }) => [operation, count])).toEqual(
    expect.arrayContaining([
      ['DescribeOrganization', 1],
      ['ListAccounts', 1],
    ]),
  );
  expect(answers.reduce((sum, { extensions }) => sum + extensions.upstream.calls, 0)).toBe(2);
});
