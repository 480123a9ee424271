import { callersOrganization, isManagementAccount } from '../call.ts';
import { refuse } from '../service-error.ts';
import { leaveOrganization as leave } from '../world/membership.ts';
import { checkMayLeave } from './may-leave.ts';
import type { Operation } from './operation.ts';

export const leaveOrganization: Operation<'LeaveOrganization'> = (_input, call) => {
  const { account, world, now } = call;
  const organization = callersOrganization(call);
  if (isManagementAccount(account, organization)) {
    refuse(
      'MasterCannotLeaveOrganizationException',
      `Account ${account.id} is the management account of ${organization.id}. Delete the organization instead.`,
    );
  }
  checkMayLeave(account, organization, now);
  leave(world, account, organization, now);
};
