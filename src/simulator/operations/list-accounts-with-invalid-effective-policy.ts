import { getCallerOrganization } from '../call.ts';
import { evaluateEffectivePolicy } from '../effective-policies.ts';
import { renderAccount } from '../render/account.ts';
import { checkTypeEnabled } from './describe-effective-policy.ts';
import type { Operation } from './operation.ts';

export const listAccountsWithInvalidEffectivePolicy: Operation<'ListAccountsWithInvalidEffectivePolicy'> = (
  input,
  call,
) => {
  const organization = getCallerOrganization(call);
  const { PolicyType } = input;
  checkTypeEnabled(organization, PolicyType);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => organization.members.after(position),
    (account) => renderAccount(call, organization, account),
    (account) => (evaluateEffectivePolicy(organization, account, PolicyType)?.errors.length ?? 0) > 0,
  );
  return { Accounts: items, PolicyType, NextToken };
};
