import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AccountFilter,
  type AccountOrder,
  type AccountQuery,
  createCopy,
  type OrderPosition,
  type TagCondition,
} from '../../src/inventory/index.ts';
import type { aws } from '../../src/upstream/index.ts';
import { runs } from '../support/runs.ts';
import { wall } from './support/fake-kept.ts';
import {
  accountId,
  beginnings,
  type Change,
  changes,
  names,
  parentIdAt,
  policyIdAt,
  RandomOrganization,
} from './support/random-organization.ts';

const small = fc.nat({ max: 30 });
const dates = fc.nat({ max: 5 }).map((day) => new Date(day * 86_400_000));
const tagConditions: fc.Arbitrary<TagCondition> = fc.record(
  {
    key: fc.constantFrom('team', 'Team', 'stage'),
    values: fc.array(fc.constantFrom('a', 'b', '')),
    exists: fc.option(fc.boolean()),
  },
  { requiredKeys: ['key'] },
);

/** Numbers stand for objects of the organization. */
const queries = fc.record(
  {
    ids: fc.array(small, { maxLength: 5 }),
    text: names,
    nameContains: names,
    emailContains: names,
    states: fc.array(fc.constantFrom('ACTIVE', 'SUSPENDED', 'CLOSED')),
    joinedMethod: fc.constantFrom('CREATED', 'INVITED'),
    joinedSince: dates,
    joinedUntil: dates,
    under: small,
    tags: fc.array(tagConditions, { maxLength: 2 }),
    policy: fc.record({ id: small, applies: fc.boolean() }),
    parent: fc.record({ id: small, descendants: fc.boolean() }),
    orderBy: fc.record({
      field: fc.constantFrom('NAME', 'EMAIL', 'ID', 'JOINED', 'STATE'),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
  },
  { requiredKeys: [] },
);
type RandomQuery = typeof queries extends fc.Arbitrary<infer Q> ? Q : never;

/** One or two conditions, as more of them rarely match anything. */
const plausibleQueries = fc
  .tuple(
    queries,
    fc.shuffledSubarray(
      [
        'ids',
        'text',
        'nameContains',
        'emailContains',
        'states',
        'joinedMethod',
        'joinedSince',
        'joinedUntil',
        'under',
        'tags',
        'policy',
        'parent',
      ] as const,
      { maxLength: 2 },
    ),
  )
  .map(([query, conditions]): RandomQuery => {
    const members = [...conditions, 'orderBy'] as const;
    return Object.fromEntries(members.map((name) => [name, query[name]]).filter(([, value]) => value !== undefined));
  });

function queryOf(organization: RandomOrganization, { parent, orderBy, ...random }: RandomQuery): AccountQuery {
  const filter: AccountFilter = {
    ...random,
    ids: random.ids?.map(accountId),
    under: random.under === undefined ? undefined : parentIdAt(organization, random.under),
    policy: random.policy && { ...random.policy, id: policyIdAt(random.policy.id) },
  };
  return {
    filter,
    orderBy,
    parentId: parent && parentIdAt(organization, parent.id),
    descendants: parent?.descendants,
  };
}

const fold = (text: string | undefined): string =>
  [...(text ?? '').normalize('NFC')].map((letter) => (letter === 'ς' ? 'σ' : letter.toLowerCase())).join('');
const contains = (text: string | undefined, part: string): boolean => fold(text).includes(fold(part));

function hasTag(organization: RandomOrganization, id: string, { key, values, exists }: TagCondition): boolean {
  const tag = organization.tagsOf(id).find(({ Key }) => Key === key);
  if (values) return tag !== undefined && values.includes(tag.Value ?? '');
  return (tag !== undefined) === (exists ?? true);
}

/** Says in the plainest way whether an account is in the result of a query. */
function isWanted(organization: RandomOrganization, account: aws.Account, query: AccountQuery): boolean {
  const { Id = '', Name, Email, State, JoinedMethod, JoinedTimestamp = new Date(Number.NaN) } = account;
  const above = organization.ancestorsOf(organization.parentOf(account));
  const filter = query.filter ?? {};
  const { ids, text, nameContains, emailContains, states, joinedMethod, joinedSince, joinedUntil } = filter;
  const { under, tags = [], policy } = filter;
  return [
    !ids || ids.includes(Id),
    !text || contains(Name, text) || contains(Email, text) || contains(Id, text),
    !nameContains || contains(Name, nameContains),
    !emailContains || contains(Email, emailContains),
    !states || states.includes(State ?? ''),
    !joinedMethod || JoinedMethod === joinedMethod,
    !joinedSince || JoinedTimestamp >= joinedSince,
    !joinedUntil || JoinedTimestamp <= joinedUntil,
    !under || above.includes(under),
    (tags ?? []).every((condition) => hasTag(organization, Id, condition)),
    !policy || [Id, ...above].some((target) => organization.isAttached(policy.id, target)) === policy.applies,
    query.parentId === undefined ||
      (query.descendants ? above.includes(query.parentId) : above.at(-1) === query.parentId),
  ].every(Boolean);
}

const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
const comparisons = {
  NAME: (a: aws.Account, b: aws.Account) => compare(a.Name ?? '', b.Name ?? ''),
  EMAIL: (a: aws.Account, b: aws.Account) => compare(a.Email ?? '', b.Email ?? ''),
  ID: (a: aws.Account, b: aws.Account) => Number(a.Id) - Number(b.Id),
  JOINED: (a: aws.Account, b: aws.Account) => Number(a.JoinedTimestamp) - Number(b.JoinedTimestamp),
  STATE: (a: aws.Account, b: aws.Account) => (a.State === b.State ? 0 : (a.State ?? '') < (b.State ?? '') ? -1 : 1),
};

function inOrder(accounts: readonly aws.Account[], order: AccountOrder | null | undefined): readonly aws.Account[] {
  const { field, direction } = order ?? { field: 'ID', direction: 'ASC' };
  const sign = direction === 'ASC' ? 1 : -1;
  return accounts.toSorted((a, b) => sign * comparisons[field](a, b) || Number(a.Id) - Number(b.Id));
}

const expected = (organization: RandomOrganization, query: AccountQuery): readonly aws.Account[] =>
  inOrder(
    organization.accounts.filter((account) => isWanted(organization, account, query)),
    query.orderBy,
  );

const read = (copy: ReturnType<typeof createCopy>, query: AccountQuery) =>
  copy.reader(wall(0)).accounts(query)?.after(undefined, Number.POSITIVE_INFINITY);

test('after any changes a query returns what a search of all accounts returns', () => {
  fc.assert(
    fc.property(
      beginnings,
      fc.array(plausibleQueries, { minLength: 1, maxLength: 6 }),
      fc.array(fc.array(changes, { maxLength: 6 }), { maxLength: 4 }),
      (beginning, randomQueries, rounds) => {
        const organization = new RandomOrganization(beginning);
        using copy = createCopy(organization.kept);
        for (const round of [[], ...rounds]) {
          for (const change of round) organization.apply(change);
          using rebuilt = createCopy(organization.kept);
          for (const random of randomQueries) {
            const query = queryOf(organization, random);
            const accounts = expected(organization, query);
            expect(read(copy, query)).toEqual(accounts);
            expect(read(rebuilt, query)).toEqual(accounts);
          }
        }
      },
    ),
    { numRuns: runs(1_000) },
  );
});

test('after any changes counts, ancestors, units and attachments are those of the tree', () => {
  fc.assert(
    fc.property(
      beginnings,
      fc.array(changes, { maxLength: 30 }),
      fc.record(
        { nameContains: names, under: small, tags: fc.array(tagConditions, { maxLength: 1 }) },
        { requiredKeys: [] },
      ),
      (beginning, later, random) => {
        const organization = new RandomOrganization(beginning);
        using copy = createCopy(organization.kept);
        for (const change of later) organization.apply(change);
        const reader = copy.reader(wall(0));
        for (const parentId of organization.parentIds) {
          const below = expected(organization, { parentId, descendants: true });
          const inside = expected(organization, { parentId });
          expect(reader.accountCount(parentId, true)?.value).toBe(below.length);
          expect(reader.accountCount(parentId, false)?.value).toBe(inside.length);
          expect(reader.ancestors(parentId)?.value).toEqual(organization.ancestorsOf(parentId).slice(0, -1));
          expect(reader.reply('ListAccountsForParent', { ParentId: parentId })?.value.Accounts).toEqual(inside);
        }
        for (const account of organization.accounts) {
          const above = organization.ancestorsOf(organization.parentOf(account));
          expect(reader.ancestors(account.Id ?? '')?.value).toEqual(above);
        }
        const filter = {
          ...random,
          under: random.under === undefined ? undefined : parentIdAt(organization, random.under),
        };
        const units = organization.units.filter(
          ({ Id = '', Name, ParentId }) =>
            (!filter.nameContains || contains(Name, filter.nameContains)) &&
            (!filter.under || organization.ancestorsOf(ParentId).includes(filter.under)) &&
            (filter.tags ?? []).every((condition) => hasTag(organization, Id, condition)),
        );
        expect(reader.organizationalUnits(filter)?.after(undefined, 100)).toEqual(
          units.toSorted((a, b) => ((a.Id ?? '') < (b.Id ?? '') ? -1 : 1)),
        );
      },
    ),
    { numRuns: runs(500) },
  );
});

test('a walk through pages shows each account that does not change exactly once', () => {
  const accountChanges = changes.filter(({ type }) => type === 'putAccount' || type === 'removeAccount');
  fc.assert(
    fc.property(
      beginnings,
      plausibleQueries.filter(({ parent, tags, policy }) => !parent && !tags && !policy),
      fc.array(fc.array(accountChanges, { maxLength: 3 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (beginning, random, rounds, first) => {
        const organization = new RandomOrganization(beginning);
        using copy = createCopy(organization.kept);
        const query = queryOf(organization, random);
        const changed = new Set<string>();
        const wanted = new Set(expected(organization, query).map(({ Id }) => Id));
        const seen: (string | undefined)[] = [];
        let position: OrderPosition | undefined;
        for (let page = 0; ; page += 1) {
          const list = copy.reader(wall(0)).accounts(query);
          const accounts = list?.after(position, first) ?? [];
          const last = accounts.at(-1);
          if (last === undefined) break;
          seen.push(...accounts.map(({ Id }) => Id));
          position = list?.positionOf(last);
          for (const change of (rounds[page] ?? []) as Extract<Change, { id: number }>[]) {
            organization.apply(change);
            changed.add(accountId(change.id));
          }
        }
        const unchanged = (id: string | undefined) => id !== undefined && !changed.has(id);
        expect(seen.filter(unchanged).toSorted()).toEqual([...wanted].filter(unchanged).toSorted());
      },
    ),
    { numRuns: runs(500) },
  );
});
