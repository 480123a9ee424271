import { throwConstraintViolation } from '../service-error.ts';
import type { Operation } from './operation.ts';
import { requestAccountCreation } from './request-account-creation.ts';

/** Creates a pair: a member here, and a standalone account in GovCloud (US). */
export const createGovCloudAccount: Operation<'CreateGovCloudAccount'> = (input, call) => {
  if (call.account.govCloudAccountId === undefined) {
    throwConstraintViolation(
      'MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED',
      `Account ${call.account.id} is not paired with one in GovCloud (US).`,
    );
  }
  return { CreateAccountStatus: requestAccountCreation(call, input, true) };
};
