import { getCallerOrganization, isManagementAccount } from '../call.ts';
import { throwException } from '../service-error.ts';
import { leaveOrganization as leave } from '../world/membership.ts';
import { checkCanLeave } from './check-can-leave.ts';
import type { Operation } from './operation.ts';

export const leaveOrganization: Operation<'LeaveOrganization'> = (_input, call) => {
  const { account, world, now } = call;
  const organization = getCallerOrganization(call);
  if (isManagementAccount(account, organization)) {
    throwException(
      'MasterCannotLeaveOrganizationException',
      `Account ${account.id} is the management account of ${organization.id}. Delete the organization instead.`,
    );
  }
  checkCanLeave(account, organization, now);
  leave(world, account, organization, now);
};
