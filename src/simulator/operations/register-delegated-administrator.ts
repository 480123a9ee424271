import { getCallerOrganization, isManagementAccount } from '../call.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import { Collection } from '../world/collection.ts';
import type { Organization } from '../world/organization.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';
import { checkDelegatedAdministrators } from './service-principals.ts';

export const registerDelegatedAdministrator: Operation<'RegisterDelegatedAdministrator'> = (input, call) => {
  const { world, now } = call;
  const { AccountId, ServicePrincipal } = input;
  const organization = getCallerOrganization(call);
  const account = findMember(organization, AccountId);
  const limit = checkDelegatedAdministrators(world, ServicePrincipal);
  if (isManagementAccount(account, organization)) {
    throwConstraintViolation(
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
      `Account ${AccountId} is the management account.`,
    );
  }
  if (account.state !== 'ACTIVE') {
    throwConstraintViolation(
      'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
      `Account ${AccountId} is ${account.state}: only an active account can be a delegated administrator.`,
    );
  }
  if (!organization.serviceAccess.has(ServicePrincipal)) {
    throwConstraintViolation(
      'SERVICE_ACCESS_NOT_ENABLED',
      `Call EnableAWSServiceAccess for ${ServicePrincipal} first.`,
    );
  }
  const delegation = organization.delegations.get(AccountId);
  if (delegation?.services.has(ServicePrincipal)) {
    throwException(
      'AccountAlreadyRegisteredException',
      `Account ${AccountId} already administers ${ServicePrincipal}.`,
    );
  }
  checkLimit(organization, ServicePrincipal, limit);
  const access = { servicePrincipal: ServicePrincipal, enabledAt: now };
  if (delegation) {
    delegation.services.add(ServicePrincipal, world.ids.position(), access);
    return;
  }
  const first = new Collection<typeof access>();
  first.add(ServicePrincipal, world.ids.position(), access);
  organization.delegations.add(AccountId, world.ids.position(), {
    accountId: AccountId,
    enabledAt: now,
    services: first,
  });
};

function checkLimit(organization: Organization, servicePrincipal: string, limit: number): void {
  const present = organization.delegations.values().filter((delegation) => delegation.services.has(servicePrincipal));
  if (present.length < limit) return;
  const [existing] = present;
  if (limit === 1 && existing) {
    throwConstraintViolation(
      'DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE',
      `Account ${existing.accountId} already administers ${servicePrincipal}. Deregister it first.`,
    );
  }
  throwConstraintViolation(
    'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED',
    `${servicePrincipal} may have ${limit} delegated administrators.`,
  );
}
