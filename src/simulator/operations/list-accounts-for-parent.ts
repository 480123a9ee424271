import { getCallerOrganization } from '../call.ts';
import { renderAccount } from '../render/account.ts';
import { checkParent } from './find.ts';
import type { Operation } from './operation.ts';

export const listAccountsForParent: Operation<'ListAccountsForParent'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { accounts } = organization.childrenOf(checkParent(organization, input.ParentId));
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => accounts.after(position),
    (account) => renderAccount(call, organization, account),
  );
  return { Accounts: items, NextToken };
};
