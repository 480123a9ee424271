import { getCallerOrganization } from '../call.ts';
import { renderRoot } from '../render/organization.ts';
import { throwException } from '../service-error.ts';
import { startDisablingPolicyType } from '../world/policies.ts';
import { checkRoot } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging } from './policy-changes.ts';

export const disablePolicyType: Operation<'DisablePolicyType'> = ({ RootId, PolicyType }, call) => {
  const organization = getCallerOrganization(call);
  checkRoot(organization, RootId);
  checkNotChanging(organization, PolicyType);
  if (!organization.root.policyTypes.has(PolicyType)) {
    throwException('PolicyTypeNotEnabledException', `${PolicyType} is not enabled in root ${RootId}.`);
  }
  startDisablingPolicyType(call.world, organization, PolicyType, call.now);
  return { Root: renderRoot(call, organization) };
};
