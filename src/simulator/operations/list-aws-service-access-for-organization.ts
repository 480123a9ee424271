import { getCallerOrganization } from '../call.ts';
import { toSeconds } from '../render/seconds.ts';
import type { Operation } from './operation.ts';

export const listAwsServiceAccessForOrganization: Operation<'ListAWSServiceAccessForOrganization'> = (input, call) => {
  const { serviceAccess } = getCallerOrganization(call);
  const { items, NextToken } = call.pager.page(
    call,
    input,
    (position) => serviceAccess.after(position),
    ({ servicePrincipal, enabledAt }) => ({ ServicePrincipal: servicePrincipal, DateEnabled: toSeconds(enabledAt) }),
  );
  return { EnabledServicePrincipals: items, NextToken };
};
