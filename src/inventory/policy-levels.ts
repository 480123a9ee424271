import type { aws } from '../upstream/index.ts';
import { policiesAt, statusOf } from './policies.ts';
import type { Reading } from './reading.ts';
import { ancestorsOf } from './tree.ts';
import type { AttachedPolicies, PolicyTree } from './types.ts';

const levelsOf = (reading: Reading, id: string): readonly string[] | undefined => {
  const above = ancestorsOf(reading, id);
  return above && [...above, id];
};

/**
 * The policies of a type at each level from the root to a root, unit or account. A type that is not enabled has no
 * attachments: AWS detaches the policies of a type that is disabled.
 */
export function policyLevels(
  reading: Reading,
  id: string,
  type: aws.PolicyType,
): readonly AttachedPolicies[] | undefined {
  const ids = levelsOf(reading, id);
  if (ids === undefined) return undefined;
  const levels: AttachedPolicies[] = [];
  for (const targetId of ids) {
    const policies = policiesAt(reading, targetId, type);
    if (policies === undefined) return undefined;
    levels.push({ targetId, policies });
  }
  return levels;
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
    version: reading.indexes.treeVersion,
    levelsOf: (id) => levelsOf(reading, id),
    policiesOf: (targetId) => attachments.policiesOf(targetId),
    targetsOf: (policyId) => attachments.targetsOf(policyId),
    policy: (id) => policies.get(id)?.object,
    contentOf: (policyId) => contents?.get(policyId)?.object.Content,
    statusOf: (type) => statusOf(reading, type),
  };
}
