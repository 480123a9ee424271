import { getCallerOrganization } from '../call.ts';
import { PolicyType } from '../model/enums.ts';
import { serviceOfPolicyType } from '../model/services.ts';
import { throwConstraintViolation } from '../service-error.ts';
import type { Operation } from './operation.ts';
import { checkServicePrincipal } from './service-principals.ts';

/** Deregisters the service's delegated administrators too, because they need its access. */
export const disableAwsServiceAccess: Operation<'DisableAWSServiceAccess'> = ({ ServicePrincipal }, call) => {
  const organization = getCallerOrganization(call);
  checkServicePrincipal(call.world, ServicePrincipal);
  const enabled = PolicyType.find(
    (type) => serviceOfPolicyType[type] === ServicePrincipal && organization.root.policyTypes.has(type),
  );
  if (enabled) {
    throwConstraintViolation(
      'POLICY_TYPE_ENABLED_FOR_THIS_SERVICE',
      `Disable policy type ${enabled} before the access of ${ServicePrincipal}.`,
    );
  }
  organization.serviceAccess.delete(ServicePrincipal);
  for (const delegation of [...organization.delegations.values()]) {
    delegation.services.delete(ServicePrincipal);
    if (delegation.services.size === 0) organization.delegations.delete(delegation.accountId);
  }
};
