import { type Call, isManagementAccount } from '../call.ts';
import { throwException, throwExceptionWithReason } from '../service-error.ts';
import type { Handshake } from '../world/entities.ts';
import { completeHandshake } from '../world/handshakes.ts';
import { joinOrganization, leaveOrganization } from '../world/membership.ts';
import { countQuotaAccounts } from './account-quota.ts';
import { checkCanLeave } from './check-can-leave.ts';

/**
 * Adds the account to the organization. Since November 2025 a member of another organization can accept directly.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_account_migration.html
 */
export function acceptInvitation(handshake: Handshake, call: Call): void {
  const { world, account, now } = call;
  const present = world.organizationOf(account);
  const joined =
    world.organizations.get(handshake.sender.organizationId) ??
    throwException('HandshakeNotFoundException', 'The organization that sent the invitation no longer exists.');
  if (isManagementAccount(account, present)) {
    throwException(
      'MasterCannotLeaveOrganizationException',
      `Account ${account.id} is a management account. Delete its organization before you join another.`,
    );
  }
  checkAcceptable(call, handshake);
  // The count already includes this invitation.
  if (countQuotaAccounts(joined) > joined.quotas.accounts) {
    throwExceptionWithReason(
      'HandshakeConstraintViolationException',
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      `Organization ${joined.id} may have ${joined.quotas.accounts} accounts, which is its quota.`,
    );
  }
  if (present) {
    checkCanLeave(account, present, now);
    leaveOrganization(world, account, present, now);
  }
  completeHandshake(world, handshake, 'ACCEPTED', now, account);
  joinOrganization(world, account, joined, { method: 'INVITED', time: now, tags: handshake.tags });
}

function checkAcceptable({ world, account, now }: Call, { sender }: Handshake): void {
  const management = world.accounts.get(sender.managementAccountId);
  const constraint = 'HandshakeConstraintViolationException';
  if (account.membership?.organizationId === sender.organizationId) {
    throwExceptionWithReason(constraint, 'ALREADY_IN_AN_ORGANIZATION', `Account ${account.id} is already a member.`);
  }
  if (account.missingPrerequisites.has('PAYMENT_INSTRUMENT')) {
    throwExceptionWithReason(constraint, 'PAYMENT_INSTRUMENT_REQUIRED', `Account ${account.id} has no payment method.`);
  }
  if (management && management.sellerOfRecord !== account.sellerOfRecord) {
    throwExceptionWithReason(
      constraint,
      'ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD',
      `Account ${account.id} buys from ${account.sellerOfRecord}, the organization from ${management.sellerOfRecord}.`,
    );
  }
  if (now < (account.membershipChangedAt ?? Number.NEGATIVE_INFINITY) + world.settings.membershipChangeMs) {
    throwExceptionWithReason(
      constraint,
      'ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED',
      `Account ${account.id} changed its organization too recently. Try again later.`,
    );
  }
  if (account.missingPrerequisites.has('SERVICE_LINKED_ROLE_PERMISSION')) {
    throwExceptionWithReason(
      'AccessDeniedForDependencyException',
      'ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE',
      'You need the permission iam:CreateServiceLinkedRole for organizations.amazonaws.com.',
    );
  }
}
