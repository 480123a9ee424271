import { getCallerOrganization } from '../call.ts';
import { toSeconds } from '../render/seconds.ts';
import { throwException } from '../service-error.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const listDelegatedServicesForAccount: Operation<'ListDelegatedServicesForAccount'> = (input, call) => {
  const organization = getCallerOrganization(call);
  findMember(organization, input.AccountId);
  const delegation =
    organization.delegations.get(input.AccountId) ??
    throwException('AccountNotRegisteredException', `Account ${input.AccountId} is not a delegated administrator.`);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => delegation.services.after(position),
    ({ servicePrincipal, enabledAt }) => ({
      ServicePrincipal: servicePrincipal,
      DelegationEnabledDate: toSeconds(enabledAt),
    }),
  );
  return { DelegatedServices: items, NextToken };
};
