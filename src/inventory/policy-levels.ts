import type { aws } from '../upstream/index.ts';
import { idOrder } from './orders.ts';
import type { Reading } from './reading.ts';
import { ancestorsOf } from './tree.ts';
import type { AttachedPolicies, PolicyTree } from './types.ts';

const levelsOf = (reading: Reading, id: string): readonly string[] | undefined => {
  const above = ancestorsOf(reading, id);
  return above && [...above, id];
};

/** The status of a policy type in the root; undefined if it is not enabled. */
function statusOf(reading: Reading, type: string | undefined): aws.PolicyTypeStatus | undefined {
  for (const { object } of reading.objects('roots')?.values() ?? [])
    for (const { Type, Status } of object.PolicyTypes ?? []) if (Type === type) return Status;
  return undefined;
}

/**
 * The policies of a type at each level from the root to a root, unit or account. A type that is not enabled has no
 * attachments: AWS detaches the policies of a type that is disabled.
 */
export function policyLevels(
  reading: Reading,
  id: string,
  type: aws.PolicyType,
): readonly AttachedPolicies[] | undefined {
  const levels = levelsOf(reading, id);
  const policies = reading.objects('policies');
  if (levels === undefined || policies === undefined || reading.objects('policyAttachments') === undefined)
    return undefined;
  const attachedTo = (targetId: string): readonly aws.PolicySummary[] =>
    reading.indexes.attachments
      .policiesOf(targetId)
      .flatMap((policyId) => policies.get(policyId)?.object ?? [])
      .filter(({ Type }) => Type === type)
      .sort(idOrder.compare);
  return levels.map((targetId) => ({ targetId, policies: attachedTo(targetId) }));
}

/** The whole tree; undefined if one of its lists is missing or too old. */
export function policyTree(reading: Reading): PolicyTree | undefined {
  const policies = reading.objects('policies');
  const contents = reading.objects('policyContents');
  const { attachments, accountsByParent } = reading.indexes;
  const lists = ['roots', 'organizationalUnits', 'accounts', 'policyAttachments'] as const;
  const isComplete = accountsByParent.isComplete && lists.every((list) => reading.objects(list) !== undefined);
  if (policies === undefined || !isComplete) return undefined;
  return {
    levelsOf: (id) => levelsOf(reading, id),
    policiesOf: (targetId) => attachments.policiesOf(targetId),
    targetsOf: (policyId) => attachments.targetsOf(policyId),
    policy: (id) => policies.get(id)?.object,
    contentOf: (policyId) => contents?.get(policyId)?.object.Content,
    statusOf: (type) => statusOf(reading, type),
  };
}
