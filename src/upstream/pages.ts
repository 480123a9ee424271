import type { Item, ItemsMember, ListName, Output } from './operation-types.ts';
import type { Page } from './types.ts';

/** The member of each list's reply that holds its items. */
export const itemsMember: { readonly [O in ListName]: ItemsMember<O> } = {
  ListAWSServiceAccessForOrganization: 'EnabledServicePrincipals',
  ListAccounts: 'Accounts',
  ListAccountsForParent: 'Accounts',
  ListAccountsWithInvalidEffectivePolicy: 'Accounts',
  ListChildren: 'Children',
  ListCreateAccountStatus: 'CreateAccountStatuses',
  ListDelegatedAdministrators: 'DelegatedAdministrators',
  ListDelegatedServicesForAccount: 'DelegatedServices',
  ListEffectivePolicyValidationErrors: 'EffectivePolicyValidationErrors',
  ListHandshakesForAccount: 'Handshakes',
  ListHandshakesForOrganization: 'Handshakes',
  ListInboundResponsibilityTransfers: 'ResponsibilityTransfers',
  ListOrganizationalUnitsForParent: 'OrganizationalUnits',
  ListOutboundResponsibilityTransfers: 'ResponsibilityTransfers',
  ListParents: 'Parents',
  ListPolicies: 'Policies',
  ListPoliciesForTarget: 'Policies',
  ListRoots: 'Roots',
  ListTagsForResource: 'Tags',
  ListTargetsForPolicy: 'Targets',
};

export function toPage<O extends ListName>(operation: O, output: Output<O>): Page<Item<O>> {
  const items: unknown = Reflect.get(output, itemsMember[operation]);
  const token: unknown = Reflect.get(output, 'NextToken');
  return {
    // A reply without its list does not get here: see `checkReply`.
    items: Array.isArray(items) ? items : [],
    nextToken: typeof token === 'string' && token !== '' ? token : undefined,
  };
}
