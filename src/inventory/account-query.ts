import type { aws } from '../upstream/index.ts';
import { accountMatches, all, type Condition, tagsMatch } from './filters.ts';
import type { Found } from './ordered-list.ts';
import { accountOrder, type ItemOrder, idOrder } from './orders.ts';
import type { Reading } from './reading.ts';
import { isParent, objectsById } from './tree.ts';
import type { AccountQuery, AccountReach, PolicyCondition, TagCondition } from './types.ts';

/** Up to this share of the accounts, sorting them is cheaper than testing all accounts in their order. */
const MAX_SORTED_SHARE = 1 / 8;

/**
 * The same without an index: up to this share, the accounts are tested in the order in which they are in memory, which
 * is several times faster than in another one.
 */
const MAX_FOUND_SHARE = 1 / 32;

/** What the result of a query is limited to: these accounts, or those that fulfill the condition. */
interface Limit {
  readonly ids?: ReadonlySet<string> | undefined;
  readonly condition?: Condition<aws.Account> | undefined;
}

const idIn =
  (ids: ReadonlySet<string>): Condition<aws.Account> =>
  ({ Id }) =>
    Id !== undefined && ids.has(Id);

/** The accounts of a query and their order; undefined if a list is missing or too old. */
export function queryAccounts(reading: Reading, query: AccountQuery): Found<aws.Account> | undefined {
  const { ids, under, policy, tags, ...filter } = query.filter ?? {};
  const order: ItemOrder<aws.Account> = query.orderBy ? accountOrder(query.orderBy) : idOrder;
  const accounts = reading.objects('accounts');
  const limits = limitsOf(reading, query);
  if (accounts === undefined || limits === undefined) return undefined;
  const sorted = () => reading.indexes.sorted('accounts', order);
  if (query.filter == null && limits.length === 0) return { items: sorted(), order };
  const sets = limits.flatMap((limit) => limit.ids ?? []).toSorted((a, b) => a.size - b.size);
  const matches = all([...sets.map(idIn), ...limits.map(({ condition }) => condition), accountMatches(filter)]);
  const [candidates] = sets;
  if (candidates !== undefined && candidates.size <= accounts.size * MAX_SORTED_SHARE)
    return { items: objectsById(accounts, candidates).filter(matches).sort(order.compare), order };
  const few = findFew(accounts, matches, accounts.size * MAX_FOUND_SHARE);
  return few === undefined ? { items: sorted(), order, matches } : { items: few.sort(order.compare), order };
}

/** The objects that match; undefined if there are more than `max`. */
function findFew<T>(
  objects: ReadonlyMap<string, { readonly object: T }>,
  matches: Condition<T>,
  max: number,
): T[] | undefined {
  const found: T[] = [];
  for (const { object } of objects.values()) {
    if (!matches(object)) continue;
    if (found.length >= max) return undefined;
    found.push(object);
  }
  return found;
}

function limitsOf(
  reading: Reading,
  { filter, parentId, descendants, reach }: AccountQuery,
): readonly Limit[] | undefined {
  const { ids, under, policy, tags } = filter ?? {};
  const limits: (Limit | undefined)[] = [];
  if (ids != null) limits.push({ ids: new Set(ids) });
  if (parentId !== undefined) limits.push(inParent(reading, parentId, descendants === true));
  if (under != null) limits.push(below(reading, under));
  if (policy != null) limits.push(reachedBy(reading, policy));
  if (tags != null) limits.push(tagged(reading, tags));
  if (reach !== undefined) limits.push(inReach(reading, reach));
  return limits.every((limit) => limit !== undefined) ? limits : undefined;
}

function inParent(reading: Reading, parentId: string, descendants: boolean): Limit | undefined {
  if (!isParent(reading, parentId)) return undefined;
  if (descendants) return below(reading, parentId);
  const { accountsByParent } = reading.indexes;
  return accountsByParent.isComplete ? { ids: accountsByParent.idsIn(parentId) } : undefined;
}

function below(reading: Reading, id: string): Limit | undefined {
  const { accountsByParent } = reading.indexes;
  if (!accountsByParent.isComplete) return undefined;
  const isRoot = accountsByParent.count(id, true) === reading.indexes.list('accounts').objects?.size;
  return isRoot ? {} : { ids: accountsByParent.idsUnder(id) };
}

function tagged(reading: Reading, conditions: readonly TagCondition[]): Limit | undefined {
  const tags = reading.objects('tags');
  const matches = tagsMatch(conditions);
  return tags && { condition: ({ Id = '' }) => matches(tags.get(Id)?.object.Tags ?? []) };
}

/** The accounts that a policy is attached to, or to a root or unit above them; or all others. */
function reachedBy(reading: Reading, { id, applies }: PolicyCondition): Limit | undefined {
  if (reading.objects('policyAttachments') === undefined) return undefined;
  const reached = inReach(reading, { levels: reading.indexes.attachments.targetsOf(id), accounts: new Map() });
  if (applies || reached === undefined) return reached;
  if (reached.ids === undefined) return { ids: new Set() };
  const isReached = idIn(reached.ids);
  return { condition: (account) => !isReached(account) };
}

function inReach(reading: Reading, { levels, accounts }: AccountReach): Limit | undefined {
  const { accountsByParent } = reading.indexes;
  if (!accountsByParent.isComplete) return undefined;
  const hasRoot = [...(reading.indexes.list('roots').objects?.keys() ?? [])].some((root) => levels.has(root));
  if (hasRoot && accounts.size === 0) return {};
  const ids = accountsByParent.idsUnderAny(levels);
  for (const level of levels) ids.add(level);
  for (const [id, isFound] of accounts) {
    if (isFound) ids.add(id);
    else ids.delete(id);
  }
  return { ids };
}
