import fc from 'fast-check';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCopy } from '../../src/inventory/index.ts';
import { InventorySession } from '../../src/inventory/session.ts';
import type { AccountFilter, OrganizationCopy } from '../../src/inventory/types.ts';
import type { GraphContext } from '../../src/schema/context.ts';
import { schema } from '../../src/schema/index.ts';
import type { aws, WallMs } from '../../src/upstream/index.ts';
import { copyOf } from '../inventory/support/copy-of-simulator.ts';
import type { FakeKept } from '../inventory/support/fake-kept.ts';
import { runs } from '../support/runs.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

let world: UpstreamWorld;
let kept: FakeKept;
let copy: OrganizationCopy & Disposable;
let accounts: readonly aws.Account[];
beforeAll(async () => {
  world = await startUpstream({ simulator: { seed: 'demo' }, upstream: { cacheMs: 3_600_000 } });
  kept = await copyOf(openSession());
  copy = createCopy(kept);
  accounts = objectsOf('accounts');
});
afterAll(async () => {
  copy[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

const openSession = () => world.session({ as: 'partner', deadlineMs: Number.POSITIVE_INFINITY });
const objectsOf = <L extends 'accounts' | 'tags' | 'policyAttachments' | 'organizationalUnits'>(name: L) =>
  [...(kept.list(name).objects?.values() ?? [])].map(({ object }) => object);

/** Executes a query with data of the copy alone, or with AWS's alone. */
async function run(document: string, variables: Record<string, unknown>, from: 'AWS' | 'copy') {
  const own = openSession();
  const options = { copy: copy.reader(0 as WallMs), onlyIfCached: true };
  const session = from === 'AWS' ? own : new InventorySession({ session: own, ...options });
  const context = {
    session,
    principal: own.principal,
    principals: [own.principal],
    settings: {
      maxFirst: 1_000,
      inventoryMaxFirst: 1_000,
      cursorKey: new Uint8Array(32),
      copyOf: () => copy,
      ratePerSecond: () => Number.POSITIVE_INFINITY,
    },
  } as unknown as GraphContext;
  const result = await execute({ schema, document: parse(document), variableValues: variables, contextValue: context });
  expect(result.errors).toBeUndefined();
  if (from === 'copy') expect(session.cost.calls).toBe(0);
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  return result.data as any;
}

type Node = { readonly id: string };
interface Answer {
  readonly organization: {
    readonly accounts: {
      readonly nodes: readonly Node[];
      readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    };
  };
}
const ids = ({ nodes }: { readonly nodes: readonly Node[] }) => nodes.map(({ id }) => id);

const accountsQuery = `query ($filter: AccountFilter, $orderBy: AccountOrder, $first: Int = 1000, $after: String) {
  organization { accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id } totalCount pageInfo { endCursor hasNextPage }
  } }
}`;

const has = (text: string | undefined, part: string | null | undefined) =>
  part == null || (text ?? '').toLowerCase().includes(part.toLowerCase());

/** The conditions, computed in the simplest way. */
function isMatch(account: aws.Account, filter: AccountFilter): boolean {
  const { Id = '', Name, Email, State = '', JoinedMethod, JoinedTimestamp, Paths } = account;
  const above = (Paths?.[0] ?? '').split('/').slice(1, -2);
  const tags = objectsOf('tags').find(({ ResourceId }) => ResourceId === Id)?.Tags ?? [];
  const attached = objectsOf('policyAttachments').some(
    ({ PolicyId, TargetId }) => PolicyId === filter.policy?.id && (TargetId === Id || above.includes(TargetId)),
  );
  return (
    (filter.ids == null || filter.ids.includes(Id)) &&
    (filter.text == null || [Name, Email, Id].some((text) => has(text, filter.text))) &&
    has(Name, filter.nameContains) &&
    has(Email, filter.emailContains) &&
    (filter.states == null || filter.states.includes(State)) &&
    (filter.joinedMethod == null || filter.joinedMethod === JoinedMethod) &&
    (filter.joinedSince == null || (JoinedTimestamp !== undefined && JoinedTimestamp >= filter.joinedSince)) &&
    (filter.joinedUntil == null || (JoinedTimestamp !== undefined && JoinedTimestamp <= filter.joinedUntil)) &&
    (filter.under == null || above.includes(filter.under)) &&
    (filter.tags == null ||
      filter.tags.every(({ key, values, exists }) => {
        const tag = tags.find(({ Key }) => Key === key);
        return values == null ? (tag !== undefined) === (exists ?? true) : values.includes(tag?.Value ?? '\0');
      })) &&
    (filter.policy == null || attached === filter.policy.applies)
  );
}

/** Values that occur in the world, so that many filters match something. */
function conditions() {
  const account = fc.constantFrom(...accounts);
  const part = (text: string | undefined, start: number) =>
    (text ?? 'x').slice(start % 4, (start % 4) + 3).trim() || 'a';
  const text = (member: (one: aws.Account) => string | undefined) =>
    fc.tuple(account, fc.nat(9), fc.boolean()).map(([one, start, isUpper]) => {
      const found = part(member(one), start);
      return isUpper ? found.toUpperCase() : found;
    });
  const parents = [...objectsOf('organizationalUnits').map(({ Id = '' }) => Id), 'ou-exmp-99999999'];
  const date = account.map(({ JoinedTimestamp = new Date(0) }) => JoinedTimestamp);
  return {
    ids: fc.uniqueArray(
      account.map(({ Id = '' }) => Id),
      { minLength: 1, maxLength: 30 },
    ),
    text: text(({ Id, Name }) => Name ?? Id),
    nameContains: text(({ Name }) => Name),
    emailContains: text(({ Email }) => Email),
    states: fc.uniqueArray(fc.constantFrom('ACTIVE', 'SUSPENDED', 'CLOSED', 'PENDING_CLOSURE'), { minLength: 1 }),
    joinedMethod: fc.constantFrom('INVITED', 'CREATED'),
    joinedSince: date,
    under: fc.constantFrom(...parents),
  };
}

const orders = fc.record({
  field: fc.constantFrom('NAME', 'EMAIL', 'ID', 'JOINED', 'STATE'),
  direction: fc.constantFrom('ASC', 'DESC'),
});
const variable = (filter: object) => JSON.parse(JSON.stringify(filter)) as Record<string, unknown>;

test('AWS and the copy have the same accounts for any filter, in the same order for any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(conditions(), { requiredKeys: [] }),
      fc.option(orders, { nil: undefined }),
      fc.integer({ min: 1, max: 40 }),
      async (filter, orderBy, first) => {
        const variables = { filter: variable(filter), orderBy };
        const expected = accounts.filter((account) => isMatch(account, filter)).map(({ Id }) => Id);
        const [live, copied] = await Promise.all([
          run(accountsQuery, variables, 'AWS'),
          run(accountsQuery, variables, 'copy'),
        ]);
        expect(ids(copied.organization.accounts).toSorted()).toEqual(expected.toSorted());
        expect(ids(live.organization.accounts).toSorted()).toEqual(expected.toSorted());
        if (orderBy) expect(ids(live.organization.accounts)).toEqual(ids(copied.organization.accounts));
        for (const from of ['AWS', 'copy'] as const) {
          const walked: string[] = [];
          for (let after: string | null = null, more = true; more; ) {
            const answer: Answer = await run(accountsQuery, { ...variables, first, after }, from);
            const { accounts: page } = answer.organization;
            walked.push(...ids(page));
            ({ endCursor: after, hasNextPage: more } = page.pageInfo);
          }
          const whole = from === 'AWS' ? live : copied;
          expect(walked).toEqual(ids(whole.organization.accounts));
        }
      },
    ),
    { numRuns: runs(100) },
  );
});

test('the copy answers conditions on tags and policies', async () => {
  const pairs = objectsOf('tags').flatMap(({ Tags }) => Tags);
  const policies = [...new Set(objectsOf('policyAttachments').map(({ PolicyId }) => PolicyId))];
  const tag = fc
    .constantFrom(...pairs)
    .chain(({ Key = '', Value = '' }) =>
      fc.oneof(
        fc.record({ key: fc.constant(Key), exists: fc.boolean() }),
        fc.record({ key: fc.constant(Key), values: fc.constant([Value]) }),
      ),
    );
  const policy = fc.record({ id: fc.constantFrom(...policies), applies: fc.boolean() });
  const filters = fc.record({ tags: fc.array(tag, { minLength: 1, maxLength: 2 }), policy }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const { organization } = await run(accountsQuery, { filter: variable(filter) }, 'copy');
      const expected = accounts.filter((account) => isMatch(account, filter as AccountFilter)).map(({ Id }) => Id);
      expect(ids(organization.accounts)).toEqual(expected.toSorted());
    }),
    { numRuns: runs(200) },
  );
});

test('AWS and the copy count and place the same accounts and units', async () => {
  const document = `query ($id: ID!) { node(id: $id) { ... on Parent {
    accountCount direct: accountCount(descendants: false)
    accounts(first: 1000, descendants: true, orderBy: { field: NAME }) { nodes { id ancestors { id } } }
  } } organization { organizationalUnits(first: 1000, filter: { under: $id, nameContains: "a" }) { nodes { id } totalCount } } }`;
  for (const { Id } of objectsOf('organizationalUnits')) {
    const [live, copied] = await Promise.all([run(document, { id: Id }, 'AWS'), run(document, { id: Id }, 'copy')]);
    expect(live.node).toEqual(copied.node);
    const { nodes, totalCount } = live.organization.organizationalUnits;
    expect(ids({ nodes }).toSorted()).toEqual(ids(copied.organization.organizationalUnits).toSorted());
    expect(totalCount).toBe(copied.organization.organizationalUnits.totalCount);
  }
});

test('AWS and the copy have the same handshakes and transfers', async () => {
  const document = `query ($handshakes: HandshakeFilter, $orderBy: HandshakeOrder, $transfers: ResponsibilityTransferFilter) {
    organization {
      handshakes(first: 1000, filter: $handshakes, orderBy: $orderBy) { nodes { id } }
      inboundResponsibilityTransfers(first: 1000, filter: $transfers) { nodes { id } }
    }
  }`;
  const variables = fc.record(
    {
      handshakes: fc.record(
        {
          states: fc.uniqueArray(fc.constantFrom('OPEN', 'REQUESTED', 'ACCEPTED', 'EXPIRED'), { minLength: 1 }),
          actionType: fc.constantFrom('INVITE', 'TRANSFER_RESPONSIBILITY'),
          text: fc.constantFrom('example', '1', 'H-', 'zz'),
        },
        { requiredKeys: [] },
      ),
      orderBy: fc.record({
        field: fc.constantFrom('EXPIRES', 'REQUESTED'),
        direction: fc.constantFrom('ASC', 'DESC'),
      }),
      transfers: fc.record(
        {
          statuses: fc.uniqueArray(fc.constantFrom('REQUESTED', 'ACCEPTED', 'WITHDRAWN'), { minLength: 1 }),
          text: fc.constantFrom('a', '4', 'RT-'),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(variables, async (given) => {
      const [live, copied] = await Promise.all([run(document, given, 'AWS'), run(document, given, 'copy')]);
      const order = (connection: { nodes: Node[] }, isOrdered: boolean) =>
        isOrdered ? ids(connection) : ids(connection).toSorted();
      const { organization: a } = live;
      const { organization: b } = copied;
      expect(order(a.handshakes, given.orderBy !== undefined)).toEqual(
        order(b.handshakes, given.orderBy !== undefined),
      );
      expect(order(a.inboundResponsibilityTransfers, false)).toEqual(order(b.inboundResponsibilityTransfers, false));
    }),
    { numRuns: runs(100) },
  );
});
