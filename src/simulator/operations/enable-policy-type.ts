import { getCallerOrganization } from '../call.ts';
import { serviceOfPolicyType } from '../model/services.ts';
import { renderRoot } from '../render/organization.ts';
import { ServiceError, throwException } from '../service-error.ts';
import { startEnablingPolicyType } from '../world/policies.ts';
import { checkRoot } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging } from './policy-changes.ts';

export const enablePolicyType: Operation<'EnablePolicyType'> = ({ RootId, PolicyType }, call) => {
  const organization = getCallerOrganization(call);
  checkRoot(organization, RootId);
  checkNotChanging(organization, PolicyType);
  if (organization.root.policyTypes.has(PolicyType)) {
    throwException('PolicyTypeAlreadyEnabledException', `${PolicyType} is already enabled in root ${RootId}.`);
  }
  const service = serviceOfPolicyType[PolicyType];
  if (service && !organization.serviceAccess.has(service)) {
    // AWS's sentence for this reason is about delegated administrators, so it is omitted.
    const message = `${PolicyType} needs EnableAWSServiceAccess for ${service} first.`;
    throw new ServiceError('ConstraintViolationException', message, 'SERVICE_ACCESS_NOT_ENABLED');
  }
  startEnablingPolicyType(call.world, organization, PolicyType, call.now);
  return { Root: renderRoot(call, organization) };
};
