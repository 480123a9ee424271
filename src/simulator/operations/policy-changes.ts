import { accountsBelow, deleteUnreachedPolicies, saveValidPolicies } from '../effective-policies.ts';
import type { PolicyType } from '../model/enums.ts';
import { isEffectivePolicyType } from '../policy-documents/index.ts';
import { throwException } from '../service-error.ts';
import type { Policy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

/** Policies of a type cannot be changed while the type is being enabled or disabled. */
export function checkNotChanging(organization: Organization, type: PolicyType): void {
  const status = organization.root.policyTypes.get(type)?.status;
  if (status === undefined || status === 'ENABLED') return;
  throwException('PolicyChangesInProgressException', `${type} is ${status} in root ${organization.root.id}.`);
}

/** Call it before a policy is attached to or detached from a root, OU or account. */
export function saveValidPoliciesBelow(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type)) saveValidPolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** Call it after a policy is detached from a root, OU or account. */
export function deleteUnreachedPoliciesBelow(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type)) deleteUnreachedPolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** Call it before a policy's content changes. */
export function saveValidPoliciesBelowAttachments(organization: Organization, policy: Policy): void {
  for (const { targetId } of organization.attachmentsOf(policy.id).values()) {
    saveValidPoliciesBelow(organization, policy.type, targetId);
  }
}
