import { callersOrganization } from '../call.ts';
import { renderRoot } from '../render/organization.ts';
import { refuse } from '../service-error.ts';
import { stopPolicyType } from '../world/policies.ts';
import { checkRoot } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging } from './policy-changes.ts';

export const disablePolicyType: Operation<'DisablePolicyType'> = ({ RootId, PolicyType }, call) => {
  const organization = callersOrganization(call);
  checkRoot(organization, RootId);
  checkNotChanging(organization, PolicyType);
  if (!organization.root.policyTypes.has(PolicyType)) {
    refuse('PolicyTypeNotEnabledException', `${PolicyType} is not enabled in root ${RootId}.`);
  }
  stopPolicyType(call.world, organization, PolicyType, call.now);
  return { Root: renderRoot(call, organization) };
};
