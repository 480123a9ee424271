import { getCallerOrganization, isManagementAccount } from '../call.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import { closeAccount as close } from '../world/account-closure.ts';
import { DAY_MS } from '../world/durations.ts';
import type { Organization } from '../world/organization.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_CLOSING = 3;

export const closeAccount: Operation<'CloseAccount'> = ({ AccountId }, call) => {
  const { world, now } = call;
  const organization = getCallerOrganization(call);
  const account = findMember(organization, AccountId);
  if (isManagementAccount(account, organization)) {
    throwConstraintViolation('CANNOT_CLOSE_MANAGEMENT_ACCOUNT', `Account ${AccountId} is the management account.`);
  }
  if (account.state === 'PENDING_CLOSURE') {
    throwException('ConflictException', `Account ${AccountId} is being closed already.`);
  }
  if (account.state === 'CLOSED') {
    throwException('AccountAlreadyClosedException', `Account ${AccountId} is closed already.`);
  }
  if (account.state === 'SUSPENDED') {
    throwException('ConflictException', `Account ${AccountId} is suspended by AWS. Contact AWS Support.`);
  }
  checkQuota(organization, now);
  organization.closureTimes.push(now);
  close(world, account, now);
};

/**
 * The limit per 30 days is 20% of the members, at least 250 and at most 1,000. Before April 2026 it was 10%.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
function checkQuota(organization: Organization, now: number): void {
  const closing = organization.members.values().filter(({ state }) => state === 'PENDING_CLOSURE');
  if (closing.length >= MAX_CLOSING) {
    throwConstraintViolation(
      'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED',
      `${MAX_CLOSING} accounts are being closed already.`,
    );
  }
  organization.closureTimes = organization.closureTimes.filter((time) => time > now - 30 * DAY_MS);
  const quota = Math.min(1_000, Math.max(250, Math.floor((organization.members.size - 1) / 5)));
  if (organization.closureTimes.length >= quota) {
    throwConstraintViolation('CLOSE_ACCOUNT_QUOTA_EXCEEDED', `${quota} accounts were closed within 30 days.`);
  }
}
