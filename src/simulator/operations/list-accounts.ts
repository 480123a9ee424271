import { getCallerOrganization } from '../call.ts';
import { renderAccount } from '../render/account.ts';
import type { Operation } from './operation.ts';

export const listAccounts: Operation<'ListAccounts'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => organization.members.after(position),
    (account) => renderAccount(call, organization, account),
  );
  return { Accounts: items, NextToken };
};
