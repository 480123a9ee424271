import { getCallerOrganization } from '../call.ts';
import { renderCreateAccountStatus } from '../render/create-account-status.ts';
import { throwException } from '../service-error.ts';
import type { Operation } from './operation.ts';

export const describeCreateAccountStatus: Operation<'DescribeCreateAccountStatus'> = (input, call) => {
  const request =
    getCallerOrganization(call).createAccountRequests.get(input.CreateAccountRequestId) ??
    throwException(
      'CreateAccountStatusNotFoundException',
      `There is no request ${input.CreateAccountRequestId} to create an account.`,
    );
  return { CreateAccountStatus: renderCreateAccountStatus(request) };
};
