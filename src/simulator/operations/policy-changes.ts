import { accountsBelow, forgetUnreachedPolicies, rememberEffectivePolicies } from '../effective-policies.ts';
import type { PolicyType } from '../model/enums.ts';
import { isEffectivePolicyType } from '../policy-documents/index.ts';
import { refuse } from '../service-error.ts';
import type { Policy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

/** Policies of a type cannot be changed while the type is being enabled or disabled. */
export function checkNotChanging(organization: Organization, type: PolicyType): void {
  const status = organization.root.policyTypes.get(type)?.status;
  if (status === undefined || status === 'ENABLED') return;
  refuse('PolicyChangesInProgressException', `${type} is ${status} in root ${organization.root.id}.`);
}

/** Call it before a policy is attached to or detached from a root, OU or account. */
export function rememberForTarget(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type))
    rememberEffectivePolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** Call it after a policy is detached from a root, OU or account. */
export function forgetForTarget(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type)) forgetUnreachedPolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** Call it before a policy's content changes. */
export function rememberForPolicy(organization: Organization, policy: Policy): void {
  for (const { targetId } of organization.attachmentsOf(policy.id).values()) {
    rememberForTarget(organization, policy.type, targetId);
  }
}
