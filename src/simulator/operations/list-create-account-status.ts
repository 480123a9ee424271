import { getCallerOrganization } from '../call.ts';
import { renderCreateAccountStatus } from '../render/create-account-status.ts';
import type { Operation } from './operation.ts';

export const listCreateAccountStatus: Operation<'ListCreateAccountStatus'> = (input, call) => {
  const { createAccountRequests } = getCallerOrganization(call);
  const { States = [] } = input;
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => createAccountRequests.after(position),
    renderCreateAccountStatus,
    ({ state }) => States.length === 0 || States.includes(state),
  );
  return { CreateAccountStatuses: items, NextToken };
};
