import { getCallerOrganization } from '../call.ts';
import { renderDelegatedAdministrator } from '../render/account.ts';
import { findMember } from './find.ts';
import type { Operation } from './operation.ts';
import { checkServicePrincipal } from './service-principals.ts';

export const listDelegatedAdministrators: Operation<'ListDelegatedAdministrators'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const { ServicePrincipal } = input;
  if (ServicePrincipal !== undefined) checkServicePrincipal(call.world, ServicePrincipal);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => organization.delegations.after(position),
    ({ accountId, enabledAt, services }) => {
      const since =
        ServicePrincipal === undefined ? enabledAt : (services.get(ServicePrincipal)?.enabledAt ?? enabledAt);
      return renderDelegatedAdministrator(call, organization, findMember(organization, accountId), since);
    },
    ({ services }) => ServicePrincipal === undefined || services.has(ServicePrincipal),
  );
  return { DelegatedAdministrators: items, NextToken };
};
