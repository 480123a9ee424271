import { callersOrganization, isManagementAccount } from '../call.ts';
import { refuse } from '../service-error.ts';
import { leaveOrganization } from '../world/membership.ts';
import { findMember } from './find.ts';
import { checkMayLeave } from './may-leave.ts';
import type { Operation } from './operation.ts';

export const removeAccountFromOrganization: Operation<'RemoveAccountFromOrganization'> = ({ AccountId }, call) => {
  const { world, now } = call;
  const organization = callersOrganization(call);
  const account = findMember(organization, AccountId);
  if (isManagementAccount(account, organization)) {
    refuse(
      'MasterCannotLeaveOrganizationException',
      `Account ${account.id} is the management account of ${organization.id} and cannot be removed.`,
    );
  }
  checkMayLeave(account, organization, now);
  leaveOrganization(world, account, organization, now);
};
