import { callersOrganization } from '../call.ts';
import { renderCreateAccountStatus } from '../render/create-account-status.ts';
import { refuse } from '../service-error.ts';
import type { Operation } from './operation.ts';

export const describeCreateAccountStatus: Operation<'DescribeCreateAccountStatus'> = (input, call) => {
  const request =
    callersOrganization(call).createAccountRequests.get(input.CreateAccountRequestId) ??
    refuse(
      'CreateAccountStatusNotFoundException',
      `There is no request ${input.CreateAccountRequestId} to create an account.`,
    );
  return { CreateAccountStatus: renderCreateAccountStatus(request) };
};
