import { getCallerOrganization, isManagementAccount } from '../call.ts';
import { throwException } from '../service-error.ts';
import { leaveOrganization } from '../world/membership.ts';
import { checkCanLeave } from './check-can-leave.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const removeAccountFromOrganization: Operation<'RemoveAccountFromOrganization'> = ({ AccountId }, call) => {
  const { world, now } = call;
  const organization = getCallerOrganization(call);
  const account = findMember(organization, AccountId);
  if (isManagementAccount(account, organization)) {
    throwException(
      'MasterCannotLeaveOrganizationException',
      `Account ${account.id} is the management account of ${organization.id} and cannot be removed.`,
    );
  }
  checkCanLeave(account, organization, now);
  leaveOrganization(world, account, organization, now);
};
