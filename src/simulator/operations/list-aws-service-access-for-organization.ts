import { callersOrganization } from '../call.ts';
import { seconds } from '../render/seconds.ts';
import type { Operation } from './operation.ts';

export const listAwsServiceAccessForOrganization: Operation<'ListAWSServiceAccessForOrganization'> = (input, call) => {
  const { serviceAccess } = callersOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => serviceAccess.after(position),
    ({ servicePrincipal, enabledAt }) => ({ ServicePrincipal: servicePrincipal, DateEnabled: seconds(enabledAt) }),
  );
  return { EnabledServicePrincipals: items, NextToken };
};
