import { callersOrganization } from '../call.ts';
import { seconds } from '../render/seconds.ts';
import { refuse } from '../service-error.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';

export const listDelegatedServicesForAccount: Operation<'ListDelegatedServicesForAccount'> = (input, call) => {
  const organization = callersOrganization(call);
  findMember(organization, input.AccountId);
  const delegation =
    organization.delegations.get(input.AccountId) ??
    refuse('AccountNotRegisteredException', `Account ${input.AccountId} is not a delegated administrator.`);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => delegation.services.after(position),
    ({ servicePrincipal, enabledAt }) => ({
      ServicePrincipal: servicePrincipal,
      DelegationEnabledDate: seconds(enabledAt),
    }),
  );
  return { DelegatedServices: items, NextToken };
};
