import { accountMatches } from '../../inventory/filters.ts';
import { accountOrder, type ItemOrder, idOrder, positionOf } from '../../inventory/orders.ts';
import { countCopied } from '../../inventory/session.ts';
import type { AccountFilter as AccountConditions, AccountOrder as AccountOrdering } from '../../inventory/types.ts';
import type { aws } from '../../upstream/index.ts';
import { isAfterSegment, parentInPath } from '../../watcher/paths.ts';
import { AccountJoinedMethod, AccountState, wholeAccount } from '../account.ts';
import { builder } from '../builder.ts';
import type { ConnectionArgs, ListSource } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { acceptedCopy, copiedConnection } from '../copied-connection.ts';
import type { CostRule } from '../cost/rules.ts';
import type { Entity } from '../entity.ts';
import { expectId } from '../ids.ts';
import { accountsOfParentsScan, loadAccountsOfParent, scanAccountsOfParent } from '../loaders/accounts-of-parents.ts';
import { loadObject } from '../loaders/objects-by-id.ts';
import { filterItems, type ItemFilter, readAllItems } from '../loaders/replies.ts';
import { pathCompletion } from './account-paths.ts';
import {
  conditionsKey,
  expectIds,
  expectParentId,
  expectRange,
  expectSearchText,
  expectTags,
  expectValues,
  MAX_VALUES,
} from './filter-rules.ts';
import { OrderDirection, PolicyFilter, TagFilter } from './inputs.ts';
import { refuseWithoutInventory } from './inventory-required.ts';
import { createSortedList, type PositionedList, readList, readPositionedList, searchKey } from './positioned-list.ts';

export const AccountFilter = builder.inputType('AccountFilter', {
  description: 'Selects accounts. All given conditions must hold. Texts ignore case and compare after Unicode NFC.',
  fields: (t) => ({
    ids: t.idList({ description: 'The account is one of these, at most 1,000. They are read by id.' }),
    text: t.string({ description: 'Name, e-mail address or id contains this.' }),
    nameContains: t.string({ description: 'The name contains this.' }),
    emailContains: t.string({ description: 'The e-mail address contains this.' }),
    states: t.field({ type: [AccountState], description: 'The account is in one of these states.' }),
    joinedMethod: t.field({ type: AccountJoinedMethod, description: 'How the account joined.' }),
    joinedSince: t.field({ type: 'DateTime', description: 'The account joined then or later.' }),
    joinedUntil: t.field({ type: 'DateTime', description: 'The account joined then or earlier.' }),
    under: t.id({ description: 'The account is in this root or organizational unit, or in its subtree.' }),
    tags: t.field({ type: [TagFilter], description: 'Conditions on tags, at most 50. Needs the inventory.' }),
    policy: t.field({ type: PolicyFilter, description: 'A condition on one policy. Needs the inventory.' }),
  }),
});

const AccountOrderField = builder.enumType('AccountOrderField', {
  description: 'What accounts are ordered by.',
  values: {
    NAME: { description: 'The name, without regard to case and accents.' },
    EMAIL: { description: 'The e-mail address, without regard to case and accents.' },
    ID: { description: 'The id.' },
    JOINED: { description: 'When the account joined the organization.' },
    STATE: { description: 'The state.' },
  },
});

export const AccountOrder = builder.inputType('AccountOrder', {
  description: 'An order of accounts. Accounts that compare equal are ordered by id.',
  fields: (t) => ({
    field: t.field({ type: AccountOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, defaultValue: 'ASC', description: 'The direction.' }),
  }),
});

/** Which accounts are read, and in which order. */
export interface AccountSearch {
  readonly filter?: AccountConditions | null | undefined;
  readonly orderBy?: AccountOrdering | null | undefined;
  /** Only accounts directly in this root or organizational unit or, with `descendants`, in its subtree. */
  readonly parentId?: string | undefined;
  readonly descendants?: boolean | null | undefined;
}

/** @throws GraphQLError BAD_USER_INPUT for the first invalid condition. */
export function checkAccountFilter(filter: AccountConditions | null | undefined): void {
  if (filter == null) return;
  expectIds('filter.ids', 'Account', filter.ids);
  expectSearchText('filter.text', filter.text);
  expectSearchText('filter.nameContains', filter.nameContains);
  expectSearchText('filter.emailContains', filter.emailContains);
  expectValues('filter.states', filter.states);
  expectRange(['filter.joinedSince', filter.joinedSince], ['filter.joinedUntil', filter.joinedUntil]);
  expectParentId('filter.under', filter.under);
  expectTags('filter.tags', filter.tags);
  if (filter.policy != null) expectId('filter.policy.id', 'Policy', filter.policy.id);
}

/**
 * Reads a connection of accounts.
 *
 * AWS's lists have no conditions and no order. A filtered list is read until `first` accounts match, an ordered one to
 * its end; accounts by id are read one by one.
 * @throws GraphQLError BAD_USER_INPUT for an invalid filter; INVENTORY_REQUIRED for conditions that would need a call
 * per account.
 */
export function readAccounts(context: GraphContext, search: AccountSearch, args: ConnectionArgs) {
  const { filter: given, orderBy, parentId, descendants } = search;
  checkAccountFilter(given);
  const order = orderBy == null ? undefined : accountOrder(orderBy);
  const copied = copiedConnection(context, copiedSource(search, order), args);
  if (copied !== undefined) return copied;
  refuseWithoutInventory('filter.tags', given?.tags);
  refuseWithoutInventory('filter.policy', given?.policy);
  const filter = itemFilter(context, search);
  if (given?.ids != null) return readPositionedList(context, byId(context, given.ids, filter, order), args);
  const source = { key: (account: aws.Account) => account.Id, node: wholeAccount, filter };
  if (parentId === undefined || descendants)
    return readList(context, { operation: 'ListAccounts', input: {}, ...source }, order, args);
  const assemble = async (isRequired: boolean) => {
    const accounts = await (isRequired ? scanAccountsOfParent : loadAccountsOfParent)(context, parentId);
    return filter === undefined || accounts === undefined ? accounts : filterItems(accounts, filter);
  };
  const input = { ParentId: parentId };
  return readList(context, { operation: 'ListAccountsForParent', input, ...source, assemble }, order, args);
}

/** How the copy of the organization answers a search. */
const copiedSource = (
  search: AccountSearch,
  order: ItemOrder<aws.Account> | undefined,
): ListSource<'ListAccounts', Entity<'Account'>> => {
  const { filter, parentId, descendants } = search;
  const key = conditionsKey({ ...filter, parentId, descendants });
  return {
    operation: 'ListAccounts',
    input: {},
    key: (account) => account.Id,
    node: wholeAccount,
    copied: {
      conditions: searchKey({ key }, order),
      list: (reader) => reader.accounts({ ...search, descendants: descendants === true }),
    },
  };
};

/** The conditions of a search; undefined if all accounts of the list match. */
function itemFilter(
  context: GraphContext,
  { filter, parentId, descendants }: AccountSearch,
): ItemFilter<aws.Account> | undefined {
  // Among accounts by id, the parent is a condition, too.
  const isIn = filter?.ids != null && !descendants ? parentId : undefined;
  const isBelow = descendants ? parentId : undefined;
  const key = conditionsKey({ ...filter, isIn, isBelow });
  if (key === '{}') return undefined;
  const matches = accountMatches(filter ?? {});
  const needsPath = isIn !== undefined || isBelow !== undefined || filter?.under != null;
  if (!needsPath) return { key, matches };
  const isAfter = isBelow === undefined ? () => true : isAfterSegment(isBelow);
  const isPlaced = (path: string) => isAfter(path) && (isIn === undefined || parentInPath(path) === isIn);
  return {
    key,
    matches: (account) => account.Paths?.some(isPlaced) === true && matches(account),
    completion: pathCompletion(context),
  };
}

/**
 * Reads all accounts that match, in the order of their ids.
 * @throws GraphQLError (by rejecting) INVENTORY_REQUIRED for conditions that would need a call per account.
 */
export async function loadMatchingAccounts(
  context: GraphContext,
  filter: AccountConditions | null | undefined,
): Promise<readonly aws.Account[]> {
  refuseWithoutInventory('filter.tags', filter?.tags);
  refuseWithoutInventory('filter.policy', filter?.policy);
  const conditions = itemFilter(context, { filter });
  const accounts =
    filter?.ids == null
      ? await readAllItems(context, { operation: 'ListAccounts', input: {}, filter: conditions })
      : await loadByIds(context, filter.ids, conditions);
  // AWS's pages may show an item twice.
  return [...new Map(accounts.map((account) => [account.Id, account])).values()].sort(idOrder.compare);
}

async function loadByIds(
  context: GraphContext,
  ids: readonly string[],
  filter: ItemFilter<aws.Account> | undefined,
): Promise<readonly aws.Account[]> {
  const found = await Promise.all(ids.map((id) => loadObject(context, 'Account', id)));
  const accounts = found.filter((account) => account !== null);
  return filter === undefined ? accounts : filterItems(accounts, filter);
}

/** Accounts by id. Without an order only as many as `first` takes are read, in the order of their ids. */
function byId(
  context: GraphContext,
  ids: readonly string[],
  filter: ItemFilter<aws.Account> | undefined,
  order: ItemOrder<aws.Account> | undefined,
): PositionedList<aws.Account, Entity<'Account'>> {
  const sorted = [...new Set(ids)].sort();
  const load = (some: readonly string[]) => loadByIds(context, some, filter);
  const list = { request: { operation: 'ListAccounts', input: {} } as const, node: wholeAccount };
  const conditions = searchKey(filter, order);
  if (order !== undefined) return { ...list, conditions, ...createSortedList(order, () => load(sorted)) };
  return {
    ...list,
    conditions,
    positionOf: (account) => positionOf(idOrder, account),
    count: async () => (await load(sorted)).length,
    async read(after, first) {
      let next = after === undefined ? 0 : sorted.findIndex((id) => id > after.id);
      if (next < 0) next = sorted.length;
      const items: aws.Account[] = [];
      while (items.length < first && next < sorted.length) {
        const end = next + first - items.length;
        items.push(...(await load(sorted.slice(next, end))));
        next = end;
      }
      return { items, hasNextPage: next < sorted.length };
    },
  };
}

/**
 * Counts the accounts in the subtree of a root or organizational unit, or directly in it.
 * @throws UpstreamError (by rejecting) when a list cannot be read.
 */
export async function countAccounts(context: GraphContext, parentId: string, descendants: boolean): Promise<number> {
  const copied = acceptedCopy(context)?.accountCount(parentId, descendants);
  if (copied !== undefined) {
    countCopied(context.session, copied.asOf);
    return copied.value;
  }
  const filter = itemFilter(context, { parentId, descendants });
  const accounts = descendants
    ? await readAllItems(context, { operation: 'ListAccounts', input: {}, filter })
    : ((await loadAccountsOfParent(context, parentId)) ??
      (await readAllItems(context, { operation: 'ListAccountsForParent', input: { ParentId: parentId } })));
  return new Set(accounts.map(({ Id }) => Id)).size;
}

type Args = Readonly<Record<string, unknown>>;

/** The ids in the argument `filter`; undefined if it has none. */
export const idsIn = ({ filter }: Args): readonly unknown[] | undefined => {
  const ids = (filter as { readonly ids?: unknown } | null | undefined)?.ids;
  return Array.isArray(ids) ? ids : undefined;
};
const isSearch = ({ filter, orderBy }: Args): boolean =>
  orderBy != null || (filter != null && conditionsKey(filter) !== '{}');

const readById: Pick<CostRule, 'typesReadById'> = {
  typesReadById: (args) => (idsIn(args) ?? []).slice(0, MAX_VALUES).map(() => 'Account'),
};

/** The cost of accounts of the organization. */
export const accountSearchCost = {
  ...readById,
  fullReads: (args) => (isSearch(args) && idsIn(args) === undefined ? ['accounts'] : []),
  list: {
    bound: 'accounts',
    totalBound: 'accounts',
    search: (args) => (isSearch(args) ? { pages: 'none', maxItems: idsIn(args)?.length } : undefined),
  },
} as const satisfies CostRule;

/** The cost of accounts of a parent. Subtrees overlap, so that their accounts have no common bound. */
export const accountsOfParentCost = {
  ...readById,
  fullReads: (args) => (args['descendants'] === true && idsIn(args) === undefined ? ['accounts'] : []),
  list: {
    bound: 'accounts',
    totalBound: ({ descendants }) => (descendants === true ? undefined : 'accounts'),
    scan: accountsOfParentsScan,
    search(args) {
      const ids = idsIn(args);
      if (ids !== undefined || args['descendants'] === true) return { pages: 'none', maxItems: ids?.length };
      return isSearch(args) ? { pages: 'all' } : undefined;
    },
  },
} as const satisfies CostRule;

export const accountCountCost = {
  fullReads: ({ descendants }) => (descendants === false ? [] : ['accounts']),
  list: {
    bound: 'accounts',
    totalBound: 'accounts',
    scan: accountsOfParentsScan,
    search: ({ descendants }) => (descendants === false ? undefined : { pages: 'none' }),
  },
} as const satisfies CostRule;
