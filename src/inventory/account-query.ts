import type { aws } from '../upstream/index.ts';
import { accountMatches, all, type Condition, tagsMatch } from './filters.ts';
import { accountOrder, type ItemOrder, idOrder } from './orders.ts';
import type { Reading } from './reading.ts';
import { isParent, objectsById } from './tree.ts';
import type { AccountFilter, AccountQuery, PolicyCondition, TagCondition } from './types.ts';

/** With fewer candidates than this share of the accounts, sorting them is cheaper than testing the sorted accounts. */
const MAX_SORTED_SHARE = 1 / 8;

/** What an index knows of the result. */
interface Narrowing {
  /** The only accounts that may match. */
  readonly candidates?: ReadonlySet<string> | undefined;
  /** What the candidates still have to fulfill; undefined if all of them match. */
  readonly condition?: Condition<aws.Account> | undefined;
}

const idIn =
  (ids: ReadonlySet<string>): Condition<aws.Account> =>
  ({ Id }) =>
    Id !== undefined && ids.has(Id);

/** The accounts of a query and their order; undefined if a list is missing or too old. */
export function queryAccounts(
  reading: Reading,
  query: AccountQuery,
): { readonly items: readonly aws.Account[]; readonly order: ItemOrder<aws.Account> } | undefined {
  const filter = query.filter ?? {};
  const order: ItemOrder<aws.Account> = query.orderBy ? accountOrder(query.orderBy) : idOrder;
  const accounts = reading.objects('accounts');
  const narrowings = narrow(reading, query, filter);
  if (accounts === undefined || narrowings === undefined) return undefined;
  const matches = all([...narrowings.map(({ condition }) => condition), accountMatches(filter)]);
  const candidates = smallest(narrowings);
  if (candidates === undefined || candidates.size > accounts.size * MAX_SORTED_SHARE)
    return { items: reading.indexes.sorted('accounts', order).filter(matches), order };
  return { items: objectsById(accounts, candidates).filter(matches).sort(order.compare), order };
}

function smallest(narrowings: readonly Narrowing[]): ReadonlySet<string> | undefined {
  let result: ReadonlySet<string> | undefined;
  for (const { candidates } of narrowings)
    if (candidates !== undefined && (result === undefined || candidates.size < result.size)) result = candidates;
  return result;
}

function narrow(reading: Reading, query: AccountQuery, filter: AccountFilter): readonly Narrowing[] | undefined {
  const narrowings: (Narrowing | undefined)[] = [];
  if (filter.ids != null) narrowings.push({ candidates: new Set(filter.ids) });
  if (query.parentId !== undefined) narrowings.push(inParent(reading, query.parentId, query.descendants === true));
  if (filter.under != null) narrowings.push(under(reading, filter.under));
  if (filter.policy != null) narrowings.push(reachedBy(reading, filter.policy));
  if (filter.tags != null) narrowings.push(tagged(reading, filter.tags));
  return narrowings.every((narrowing) => narrowing !== undefined) ? narrowings : undefined;
}

function inParent(reading: Reading, parentId: string, descendants: boolean): Narrowing | undefined {
  if (!isParent(reading, parentId)) return undefined;
  if (descendants) return under(reading, parentId);
  const { accountsByParent } = reading.indexes;
  const ids = accountsByParent.idsIn(parentId);
  return accountsByParent.isComplete ? { candidates: ids, condition: idIn(ids) } : undefined;
}

function under(reading: Reading, id: string): Narrowing | undefined {
  const { accountsByParent } = reading.indexes;
  if (!accountsByParent.isComplete) return undefined;
  return { candidates: accountsByParent.idsUnder(id), condition: accountMatches({ under: id }) };
}

function tagged(reading: Reading, conditions: readonly TagCondition[]): Narrowing | undefined {
  const tags = reading.objects('tags');
  const matches = tagsMatch(conditions);
  return tags && { condition: ({ Id = '' }) => matches(tags.get(Id)?.object.Tags ?? []) };
}

/** The accounts that a policy is attached to, or to a root or unit above them; or all others. */
function reachedBy(reading: Reading, { id, applies }: PolicyCondition): Narrowing | undefined {
  const { accountsByParent, attachments } = reading.indexes;
  if (reading.objects('policyAttachments') === undefined || !accountsByParent.isComplete) return undefined;
  const targets = attachments.targetsOf(id);
  const isRootTarget = [...(reading.indexes.list('roots').objects?.keys() ?? [])].some((root) => targets.has(root));
  if (isRootTarget) return applies ? {} : { candidates: new Set() };
  const reached = accountsByParent.idsUnderAny(targets);
  for (const target of targets) reached.add(target);
  const isReached = idIn(reached);
  return applies ? { candidates: reached, condition: isReached } : { condition: (account) => !isReached(account) };
}
