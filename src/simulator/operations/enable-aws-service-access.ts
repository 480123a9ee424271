import { getCallerOrganization } from '../call.ts';
import type { Operation } from './operation.ts';
import { checkServicePrincipal } from './service-principals.ts';

/** Enabling an enabled service succeeds without effect. */
export const enableAwsServiceAccess: Operation<'EnableAWSServiceAccess'> = ({ ServicePrincipal }, call) => {
  const { serviceAccess } = getCallerOrganization(call);
  checkServicePrincipal(call.world, ServicePrincipal);
  if (serviceAccess.has(ServicePrincipal)) return;
  const access = { servicePrincipal: ServicePrincipal, enabledAt: call.now };
  serviceAccess.add(ServicePrincipal, call.world.ids.position(), access);
};
