import { accountsBelow, forgetUnreachedPolicies, rememberEffectivePolicies } from '../effective-policies.ts';
import type { PolicyType } from '../model/enums.ts';
import { isEffectivePolicyType } from '../policy-documents/index.ts';
import { refuse } from '../service-error.ts';
import type { Policy } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

/** While a policy type is being enabled or disabled, policies of the type cannot be changed. */
export function checkNotChanging(organization: Organization, type: PolicyType): void {
  const status = organization.root.policyTypes.get(type)?.status;
  if (status === undefined || status === 'ENABLED') return;
  refuse('PolicyChangesInProgressException', `${type} is ${status} in root ${organization.root.id}.`);
}

/** Before policies of a type come to or go from a root, OU or account. */
export function rememberForTarget(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type))
    rememberEffectivePolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** After policies of a type have gone from a root, OU or account. */
export function forgetForTarget(organization: Organization, type: PolicyType, targetId: string): void {
  if (isEffectivePolicyType(type)) forgetUnreachedPolicies(organization, accountsBelow(organization, targetId), [type]);
}

/** Before a policy's text changes. */
export function rememberForPolicy(organization: Organization, policy: Policy): void {
  for (const { targetId } of organization.attachmentsOf(policy.id).values()) {
    rememberForTarget(organization, policy.type, targetId);
  }
}
