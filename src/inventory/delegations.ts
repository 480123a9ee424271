import type { aws } from '../upstream/index.ts';
import type { KeptDelegatedAdministrator } from '../watcher/kept-types.ts';
import { type ItemOrder, idOrder } from './orders.ts';
import type { Reading } from './reading.ts';

/** Replies about a service have the date at which the account became its administrator. */
function forService(
  { Services, ...administrator }: KeptDelegatedAdministrator,
  servicePrincipal: string,
): aws.DelegatedAdministrator | undefined {
  const service = Services.find((candidate) => candidate.ServicePrincipal === servicePrincipal);
  return service && Object.assign(administrator, { DelegationEnabledDate: service.DelegationEnabledDate });
}

const withoutServices = ({ Services: _, ...administrator }: KeptDelegatedAdministrator): aws.DelegatedAdministrator =>
  administrator;

export function delegatedAdministrators(
  reading: Reading,
  servicePrincipal: string | undefined,
): readonly aws.DelegatedAdministrator[] | undefined {
  const administrators = reading.sorted('delegatedAdministrators', idOrder);
  if (servicePrincipal === undefined) return administrators?.map(withoutServices);
  const found = administrators
    ?.map((administrator) => forService(administrator, servicePrincipal))
    .filter((administrator) => administrator !== undefined);
  // Without an administrator, AWS knows whether there is such a service.
  const isKnown = found?.length !== 0 || reading.object('enabledServices', servicePrincipal) !== undefined;
  return isKnown ? found : undefined;
}

/** None for an account of the organization that is no delegated administrator, which is an error of AWS. */
export function delegatedServices(
  reading: Reading,
  accountId: string | undefined,
  order: ItemOrder<aws.DelegatedService>,
): readonly aws.DelegatedService[] | undefined {
  const administrator = reading.object('delegatedAdministrators', accountId);
  if (administrator !== undefined) return [...administrator.Services].sort(order.compare);
  const isKnown = reading.objects('delegatedAdministrators') && reading.object('accounts', accountId);
  return isKnown === undefined ? undefined : [];
}
