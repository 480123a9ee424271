import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { query } from '../support/client.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { startRewritingProxy } from '../support/rewriting-proxy.ts';
import { emulated } from '../support/upstream.ts';

/** Emulators of AWS may omit `Path` and `Paths`. */
const stripPaths = (_operation: string, reply: unknown): unknown =>
  JSON.parse(JSON.stringify(reply, (key, value) => (key === 'Paths' || key === 'Path' ? undefined : value)));

let demo: Demo;
let emulator: Awaited<ReturnType<typeof startRewritingProxy>>;
let gateway: Gateway;
let world: { readonly root: string; readonly accounts: readonly Account[]; readonly units: readonly Unit[] };

interface Account {
  readonly id: string;
  readonly paths: readonly string[];
}
interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Account[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}
interface Unit {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

beforeAll(async () => {
  demo = await startDemo({ config: { upstream: { cacheMs: 0 } } });
  emulator = await startRewritingProxy(demo.simulator.url, stripPaths);
  gateway = await createGateway(
    configSchema.parse({
      port: 0,
      principals: [emulated('partner', '111111111111', emulator.url)],
      upstream: { cacheMs: 0, budget: 'off' },
      log: { level: 'error', audit: false },
    }),
  );
  const { data } = await demo.query(`{ organization { root { id }
    accounts(first: 1000) { nodes { id paths } } organizationalUnits(first: 1000) { nodes { id name path } } } }`);
  const { root, accounts, organizationalUnits } = data.organization;
  world = { root: root.id, accounts: accounts.nodes, units: organizationalUnits.nodes };
});
afterAll(async () => {
  await gateway.close();
  await emulator[Symbol.asyncDispose]();
  await demo.close();
});

async function ask(document: string, variables: object = {}) {
  const answer = await query(gateway.url, { document, variables: { ...variables } });
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

const unit = (name: string): Unit => world.units.find((one) => one.name === name) ?? expect.fail(`no unit ${name}`);
const idsUnder = (id: string) =>
  world.accounts.flatMap((account) => (account.paths[0]?.includes(`/${id}/`) ? account.id : [])).sort();
const inUnits = (id: string) => idsUnder(id).filter((account) => parentOf(account) !== id);
const parentOf = (id: string) =>
  world.accounts
    .find((one) => one.id === id)
    ?.paths[0]?.split('/')
    .at(-3);
const idsOf = ({ nodes }: { readonly nodes: readonly { readonly id: string }[] }) => nodes.map(({ id }) => id).sort();

describe('accounts of an emulator that returns no paths', () => {
  it('are found under a root or unit, with a total and cursors', async () => {
    const document = `query ($under: ID!, $first: Int, $after: String) { organization {
      accounts(filter: { under: $under }, first: $first, after: $after) {
        totalCount nodes { id paths } pageInfo { endCursor hasNextPage } } } }`;
    const under = unit('Managed Customers').id;
    const expected = idsUnder(under);
    expect(inUnits(under).length).toBeGreaterThan(0);
    const seen: Account[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: Page = (await ask(document, { under, first: 3, after })).organization.accounts;
      expect(page.totalCount).toBe(expected.length);
      seen.push(...page.nodes);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(expected);
    for (const account of seen) expect(world.accounts).toContainEqual(account);
    const all = (await ask(document, { under: world.root, first: 1000 })).organization.accounts;
    expect(idsOf(all)).toEqual(idsUnder(world.root));
    const none = (await ask(document, { under: 'ou-exmp-99999999', first: 10 })).organization.accounts;
    expect(none).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('are found in and below a unit, by id, in an order, and counted', async () => {
    const { id } = unit('Managed Customers');
    const ids = world.accounts.map((account) => account.id);
    const { node } = await ask(
      `query ($id: ID!, $ids: [ID!]) { node(id: $id) { ... on Parent {
        accounts(first: 1000) { nodes { id } }
        below: accounts(first: 1000, descendants: true) { nodes { id } totalCount }
        ordered: accounts(first: 1000, descendants: true, orderBy: { field: EMAIL }) { nodes { id } }
        byId: accounts(first: 1000, filter: { ids: $ids }) { nodes { id } }
        accountCount
        direct: accountCount(descendants: false)
      } } }`,
      { id, ids },
    );
    const direct = idsUnder(id).filter((account) => parentOf(account) === id);
    expect(idsOf(node.accounts)).toEqual(direct);
    expect(idsOf(node.byId)).toEqual(direct);
    expect(idsOf(node.below)).toEqual(idsUnder(id));
    expect(idsOf(node.ordered)).toEqual(idsUnder(id));
    expect(node).toMatchObject({ accountCount: idsUnder(id).length, direct: direct.length });
    expect(node.below.totalCount).toBe(idsUnder(id).length);
  });

  it('are reached by policies of the units above them, as are those of previews and decisions', async () => {
    const target = unit('Managed Customers').id;
    const content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'NoBuckets', Effect: 'Deny', Action: 's3:CreateBucket', Resource: '*' }],
    });
    const created = await ask(
      `mutation ($content: String!) { createPolicy(input: { name: "No buckets", description: "",
        type: SERVICE_CONTROL_POLICY, content: $content }) { ... on CreatePolicyPayload { policy { id } } } }`,
      { content },
    );
    const policyId = created.createPolicy.policy.id;
    const change = { attach: { policyId, targetId: target } };
    const preview = await ask(
      `query ($changes: [PolicyChangeInput!]!) { organization { policyPreview(changes: $changes) {
        accounts(first: 50) { nodes { account { id } gained { policy { id } target { id } } kept { policy { id } } } }
      } } }`,
      { changes: [change] },
    );
    const previewed = preview.organization.policyPreview.accounts.nodes as readonly {
      account: Account;
      gained: unknown;
      kept: unknown[];
    }[];
    expect(previewed.map(({ account }) => account.id).sort()).toEqual(idsUnder(target));
    for (const { gained, kept } of previewed) {
      expect(gained).toEqual([{ policy: { id: policyId }, target: { id: target } }]);
      expect(kept.length).toBeGreaterThan(0);
    }
    await ask(
      `mutation ($policyId: ID!, $targetId: ID!) {
        attachPolicy(input: { policyId: $policyId, targetId: $targetId }) { __typename } }`,
      change.attach,
    );
    const { policy, organization } = await ask(
      `query ($id: ID!, $under: ID!) {
        policy(id: $id) { reachedAccounts(first: 1000) { totalCount nodes { id } } }
        organization { controlPolicyDecisions(requests: [{ action: "s3:CreateBucket" }], filter: { under: $under }) {
          decision accounts(first: 1000) { nodes { id } } } } }`,
      { id: policyId, under: target },
    );
    expect(idsOf(policy.reachedAccounts)).toEqual(idsUnder(target));
    expect(policy.reachedAccounts.totalCount).toBe(idsUnder(target).length);
    const [group, ...others] = organization.controlPolicyDecisions;
    expect(others).toEqual([]);
    expect({ ...group, accounts: idsOf(group.accounts) }).toEqual({ decision: 'DENIED', accounts: idsUnder(target) });
  });
});
