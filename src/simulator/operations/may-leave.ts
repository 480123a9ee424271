import type { ErrorReason } from '../model/errors.ts';
import { violates } from '../service-error.ts';
import { CREATED_ACCOUNT_MIN_AGE_MS } from '../world/durations.ts';
import type { Account, Lacking } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';

const needed: readonly (readonly [Lacking, ErrorReason<'ConstraintViolationException'>, string])[] = [
  ['EULA', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA', 'has not accepted the AWS Customer Agreement'],
  ['PHONE_VERIFICATION', 'ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION', 'has no verified phone number'],
  ['PAYMENT_INSTRUMENT', 'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED', 'has no payment method'],
];

/** A member can leave or be removed only if it meets the prerequisites of a standalone account. */
export function checkMayLeave(account: Account, organization: Organization, now: number): void {
  if (organization.delegations.has(account.id)) {
    violates(
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
      `Account ${account.id} is a delegated administrator. Deregister it first.`,
    );
  }
  if (account.membership?.joinedMethod === 'CREATED' && now < account.createdAt + CREATED_ACCOUNT_MIN_AGE_MS) {
    violates('WAIT_PERIOD_ACTIVE', `Account ${account.id} was created less than four days ago.`);
  }
  for (const [lacking, reason, text] of needed) {
    if (account.lacks.has(lacking)) violates(reason, `Account ${account.id} ${text}.`);
  }
}
