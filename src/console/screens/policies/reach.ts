import type { AttachmentIndex, OrganizationTree, TreeNode } from '../../data/organization/tree.ts';

/** Types of which the management account is never limited. */
const LIMITS = new Set(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']);

export const isControlType = (type: string): boolean => LIMITS.has(type);

/** The nodes that a policy is attached to, without those below another one. */
export function topTargets(
  policyId: string,
  tree: OrganizationTree,
  attachments: AttachmentIndex,
): readonly TreeNode[] {
  const targets = attachments.targetsOf(policyId);
  return [...targets].flatMap((id) => {
    const node = tree.nodes.get(id);
    if (node === undefined) return [];
    for (let above = node.parent; above !== undefined; above = above.parent) if (targets.has(above.id)) return [];
    return [node];
  });
}

/** How many accounts a policy has an effect on. Control policies have none on the management account. */
export function reachOf(
  policyId: string,
  type: string,
  tree: OrganizationTree,
  attachments: AttachmentIndex,
  managementAccountId: string | undefined,
): number {
  const targets = topTargets(policyId, tree, attachments);
  const sum = targets.reduce((total, node) => total + (node.kind === 'account' ? 1 : node.accountCount), 0);
  const management = tree.nodes.get(managementAccountId ?? '');
  const isExempt = isControlType(type) && management !== undefined && attachments.reaches(policyId, management);
  return isExempt ? sum - 1 : sum;
}
