import type { ErrorReason } from '../model/errors.ts';
import { throwConstraintViolation } from '../service-error.ts';
import { CREATED_ACCOUNT_MIN_AGE_MS } from '../world/durations.ts';
import type { Account, Prerequisite } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

const prerequisites: readonly (readonly [Prerequisite, ErrorReason<'ConstraintViolationException'>, string])[] = [
  ['EULA', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA', 'has not accepted the AWS Customer Agreement'],
  ['PHONE_VERIFICATION', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION', 'has no verified phone number'],
  ['PAYMENT_INSTRUMENT', 'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED', 'has no payment method'],
];

/** A member can leave or be removed only if it meets the prerequisites of a standalone account. */
export function checkCanLeave(account: Account, organization: Organization, now: number): void {
  if (organization.delegations.has(account.id)) {
    throwConstraintViolation(
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
      `Account ${account.id} is a delegated administrator. Deregister it first.`,
    );
  }
  if (account.membership?.joinedMethod === 'CREATED' && now < account.createdAt + CREATED_ACCOUNT_MIN_AGE_MS) {
    throwConstraintViolation('WAIT_PERIOD_ACTIVE', `Account ${account.id} was created less than four days ago.`);
  }
  for (const [prerequisite, reason, text] of prerequisites) {
    if (account.missingPrerequisites.has(prerequisite))
      throwConstraintViolation(reason, `Account ${account.id} ${text}.`);
  }
}
