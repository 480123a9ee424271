import type { aws } from '../upstream/index.ts';
import { attachmentId } from '../watcher/kept-kinds.ts';
import type { KeptListName, PolicyAttachment, ResourceTags } from '../watcher/kept-types.ts';
import type { ObjectFilter, ObjectsAtOnce } from '../watcher/list-changes.ts';
import { ancestorsInPath, isAfterSegment } from '../watcher/paths.ts';
import { accountMatches, all, tagsMatch } from './filters.ts';
import type { AccountFilter, PolicyCondition } from './types.ts';

type AccountCondition = (account: aws.Account, objects: ObjectsAtOnce) => boolean;

/** The root and the units above an account. */
const ancestorsOf = ({ Paths }: aws.Account): readonly string[] =>
  Paths?.[0] === undefined ? [] : ancestorsInPath(Paths[0]);

/** Whether the policy is attached to the account, or to the root or a unit above it. */
const isReached = (policyId: string, account: aws.Account, objects: ObjectsAtOnce): boolean =>
  [account.Id ?? '', ...ancestorsOf(account)].some(
    (target) => objects.get('policyAttachments', attachmentId(target, policyId)) !== undefined,
  );

/** The accounts that an attachment of the policy may reach. */
function* reachedBy({ TargetId }: PolicyAttachment, objects: ObjectsAtOnce): Generator<string> {
  if (objects.get('accounts', TargetId) !== undefined) return yield TargetId;
  const isBelow = isAfterSegment(TargetId);
  for (const [id, { Paths }] of objects.entries('accounts'))
    if (Paths?.[0] !== undefined && isBelow(Paths[0])) yield id;
}

/** A filter of accounts for subscribers. `key`: the same for filters with the same conditions. */
export function accountObjectFilter(
  key: string,
  { tags, policy, ...filter }: AccountFilter,
): ObjectFilter<aws.Account> {
  const conditions: AccountCondition[] = [];
  const lists: KeptListName[] = [];
  const ofAccount = accountMatches(filter);
  if (tags != null) {
    lists.push('tags');
    const hasTags = tagsMatch(tags);
    conditions.push(({ Id = '' }, objects) => hasTags(objects.get('tags', Id)?.Tags ?? []));
  }
  if (policy != null) {
    lists.push('policyAttachments');
    const { id, applies }: PolicyCondition = policy;
    conditions.push((account, objects) => isReached(id, account, objects) === applies);
  }
  return {
    key,
    lists,
    matches: (account, objects) => ofAccount(account) && conditions.every((matches) => matches(account, objects)),
    *affected(list, object, objects) {
      if (list === 'tags') yield (object as ResourceTags).ResourceId;
      else if ((object as PolicyAttachment).PolicyId === policy?.id)
        yield* reachedBy(object as PolicyAttachment, objects);
    },
  };
}

/** A filter on members of the objects that never change. */
export function memberFilter<T>(key: string, members: Partial<T>): ObjectFilter<T> {
  const names = Object.keys(members) as (keyof T)[];
  const matches = all(names.map((name) => (object: T) => object[name] === members[name]));
  return { key, lists: [], matches, affected: () => [] };
}
