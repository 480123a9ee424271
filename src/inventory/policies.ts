import type { aws } from '../upstream/index.ts';
import { idOrder } from './orders.ts';
import type { Reading } from './reading.ts';

/** The status of a policy type in the root; undefined if it is not enabled. */
export function statusOf(reading: Reading, type: string | undefined): aws.PolicyTypeStatus | undefined {
  for (const { object } of reading.objects('roots')?.values() ?? [])
    for (const { Type, Status } of object.PolicyTypes ?? []) if (Type === type) return Status;
  return undefined;
}

/** Only policies of enabled types are kept. */
export const isEnabledType = (reading: Reading, type: aws.PolicyType | undefined): boolean =>
  statusOf(reading, type) === 'ENABLED';

interface Target {
  readonly Id?: string | undefined;
  readonly Arn?: string | undefined;
  readonly Name?: string | undefined;
}

const targetKinds = [
  ['accounts', 'ACCOUNT'],
  ['organizationalUnits', 'ORGANIZATIONAL_UNIT'],
  ['roots', 'ROOT'],
] as const;

const isTarget = (reading: Reading, id: string | undefined): id is string =>
  targetKinds.some(([list]) => reading.object(list, id) !== undefined);

/** The policies of a type that are attached directly to a root, unit or account. */
export function attachedPolicies(
  reading: Reading,
  { TargetId, Filter }: { readonly TargetId?: string | undefined; readonly Filter?: aws.PolicyType | undefined },
): readonly aws.PolicySummary[] | undefined {
  if (!isEnabledType(reading, Filter) || !isTarget(reading, TargetId)) return undefined;
  return policiesAt(reading, TargetId, Filter);
}

/** The same for a target that exists; none of a type that is not enabled. */
export function policiesAt(
  reading: Reading,
  targetId: string,
  type: aws.PolicyType | undefined,
): readonly aws.PolicySummary[] | undefined {
  const policies = reading.objects('policies');
  if (policies === undefined || reading.objects('policyAttachments') === undefined) return undefined;
  const attached: aws.PolicySummary[] = [];
  for (const id of reading.indexes.attachments.policiesOf(targetId)) {
    const policy = policies.get(id)?.object;
    // A policy of another read than its attachments may be missing.
    if (policy === undefined) return undefined;
    if (policy.Type === type) attached.push(policy);
  }
  return attached.sort(idOrder.compare);
}

/** The roots, units and accounts that a policy is attached to directly. */
export function targetsOfPolicy(
  reading: Reading,
  policyId: string | undefined,
): readonly aws.PolicyTargetSummary[] | undefined {
  if (policyId === undefined || reading.object('policies', policyId) === undefined) return undefined;
  if (reading.objects('policyAttachments') === undefined) return undefined;
  const ids = reading.indexes.attachments.targetsOf(policyId);
  const targets: aws.PolicyTargetSummary[] = [];
  // The ids of accounts, units and roots sort in this order.
  for (const [list, Type] of targetKinds) {
    const found = sortedObjects(reading, list, ids);
    if (found === undefined) return undefined;
    for (const { Id, Arn, Name } of found) targets.push({ TargetId: Id, Arn, Name, Type });
  }
  return targets.length === ids.size ? targets : undefined;
}

/** Some objects of a list, by id. Few are looked up, many are taken from the sorted list. */
function sortedObjects(
  reading: Reading,
  list: (typeof targetKinds)[number][0],
  ids: ReadonlySet<string>,
): readonly Target[] | undefined {
  const objects: ReadonlyMap<string, { readonly object: Target }> | undefined = reading.objects(list);
  if (objects === undefined) return undefined;
  if (ids.size * 8 > objects.size) {
    const sorted: readonly Target[] | undefined = reading.sorted(list, idOrder);
    return sorted?.filter(({ Id }) => Id !== undefined && ids.has(Id));
  }
  return [...ids].flatMap((id) => objects.get(id)?.object ?? []).sort(idOrder.compare);
}
