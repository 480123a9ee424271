import { getCallerOrganization } from '../call.ts';
import { throwException } from '../service-error.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';
import { checkServicePrincipal } from './service-principals.ts';

export const deregisterDelegatedAdministrator: Operation<'DeregisterDelegatedAdministrator'> = (input, call) => {
  const { AccountId, ServicePrincipal } = input;
  const organization = getCallerOrganization(call);
  findMember(organization, AccountId);
  checkServicePrincipal(call.world, ServicePrincipal);
  const delegation = organization.delegations.get(AccountId);
  if (!delegation?.services.delete(ServicePrincipal)) {
    throwException('AccountNotRegisteredException', `Account ${AccountId} does not administer ${ServicePrincipal}.`);
  }
  if (delegation?.services.size === 0) organization.delegations.delete(AccountId);
};
