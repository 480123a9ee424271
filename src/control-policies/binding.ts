import type { ParsedRequest } from './access-request.ts';
import type { PreparedOrganization } from './organization.ts';

/** Whether the policies of a type restrict a request, and why not. */
export type PolicyBinding =
  | 'BOUND'
  | 'TYPE_NOT_ENABLED'
  | 'MANAGEMENT_ACCOUNT'
  | 'OUTSIDE_ORGANIZATION'
  | 'SERVICE_LINKED_ROLE'
  | 'SERVICE_PRINCIPAL'
  | 'ANONYMOUS'
  | 'UNSUPPORTED_SERVICE'
  | 'UNSUPPORTED_ACTION'
  | 'AWS_MANAGED_KEY';

export interface PolicyBindings {
  readonly serviceControlPolicies: PolicyBinding;
  readonly resourceControlPolicies: PolicyBinding;
}

/** An account of a request. */
export interface RequestAccount {
  readonly id: string;
  /** Its node in the tree; undefined if it is not in the organization. */
  readonly node: object | undefined;
}

type OrganizationFacts = Omit<PreparedOrganization, 'accounts'>;

/** Whether SCPs and RCPs restrict a request of a principal to an account. */
export function bindingsOf(
  organization: OrganizationFacts,
  request: ParsedRequest,
  principal: RequestAccount,
  owner: RequestAccount,
): PolicyBindings {
  return {
    serviceControlPolicies: bindingOfScps(organization, request, principal),
    resourceControlPolicies: bindingOfRcps(organization, request, owner),
  };
}

/**
 * SCPs restrict the IAM users, roles and root users of member accounts, delegated administrators included.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function bindingOfScps(
  { enabledPolicyTypes, managementAccount }: OrganizationFacts,
  { kind }: ParsedRequest,
  principal: RequestAccount,
): PolicyBinding {
  if (!enabledPolicyTypes.has('SERVICE_CONTROL_POLICY')) return 'TYPE_NOT_ENABLED';
  if (kind === 'SERVICE_LINKED_ROLE') return 'SERVICE_LINKED_ROLE';
  if (kind === 'SERVICE') return 'SERVICE_PRINCIPAL';
  if (kind === 'ANONYMOUS') return 'ANONYMOUS';
  if (principal.id === managementAccount) return 'MANAGEMENT_ACCOUNT';
  return principal.node === undefined ? 'OUTSIDE_ORGANIZATION' : 'BOUND';
}

/** Actions of supported services that RCPs do not restrict, in lower case. */
const unsupportedActions: ReadonlySet<string> = new Set(['kms:retiregrant']);

/**
 * RCPs restrict all callers of the resources of member accounts, but service-linked roles.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function bindingOfRcps(
  { enabledPolicyTypes, managementAccount, rcpServices }: OrganizationFacts,
  { kind, service, action, isAwsManagedKey }: ParsedRequest,
  owner: RequestAccount,
): PolicyBinding {
  if (!enabledPolicyTypes.has('RESOURCE_CONTROL_POLICY')) return 'TYPE_NOT_ENABLED';
  if (kind === 'SERVICE_LINKED_ROLE') return 'SERVICE_LINKED_ROLE';
  if (owner.id === managementAccount) return 'MANAGEMENT_ACCOUNT';
  if (owner.node === undefined) return 'OUTSIDE_ORGANIZATION';
  if (!rcpServices.has(service)) return 'UNSUPPORTED_SERVICE';
  if (unsupportedActions.has(action)) return 'UNSUPPORTED_ACTION';
  return isAwsManagedKey && service === 'kms' ? 'AWS_MANAGED_KEY' : 'BOUND';
}
