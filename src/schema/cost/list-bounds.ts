import { controlPolicyTypes } from '../../control-policies/check-control-policy.ts';
import { policyLimits } from '../../policy-limits.ts';
import { pageSize } from '../loaders/replies.ts';

/**
 * The lists whose maximum length is known. Quotas are those that AWS does not raise (user guide, "Quotas and service
 * limits": https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html). Lists without a
 * quota are estimated with `graph.assumedAccounts`, as they grow with the number of accounts.
 */
export type ListBound = keyof typeof quotas | 'accounts' | 'targets' | 'children' | 'history';

const quotas = {
  roots: 1,
  organizationalUnits: 2_000,
  /** Of one type. Service control policies have the highest quota. */
  policies: 10_000,
  /** Of one type, attached directly to one root, organizational unit or account. */
  attachedPolicies: 10,
  tags: 50,
  /** AWS documents no quota, and has some hundred services. */
  services: 1_000,
  /**
   * AWS documents no quota for the whole organization: each service sets its own, mostly 1.
   */
  delegatedAdministrators: 50,
  /** AWS documents no quota. An effective policy has no more errors than elements. */
  validationErrors: 1_000,
} as const;

export interface Assumptions {
  /** Accounts of the organization. */
  readonly accounts: number;
}

/** Whether AWS bounds the length of the lists; that of others is assumed. */
export const hasQuota = (list: ListBound): boolean => Object.hasOwn(quotas, list);

export function maxItems(list: ListBound, { accounts }: Assumptions): number {
  switch (list) {
    case 'accounts':
      return accounts;
    case 'targets':
      return accounts + quotas.organizationalUnits + quotas.roots;
    case 'children':
      return Math.max(accounts, quotas.organizationalUnits);
    // The gateway's own data. It has no bound, and costs no call.
    case 'history':
      return Number.POSITIVE_INFINITY;
    default:
      return quotas[list];
  }
}

/** The maximum number of different objects of a type in one operation. Each is read once. */
export function maxObjectsOf(typename: string): number {
  switch (typename) {
    case 'Organization':
    case 'Root':
    case 'ResourcePolicy':
      return 1;
    case 'OrganizationalUnit':
      return quotas.organizationalUnits;
    // An assumption: the quotas allow ten times as many of each type, but organizations have tens to hundreds.
    case 'Policy':
      return 1_000;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/**
 * The maximum number of distinct objects of a type that all fields of an operation read together. Policies have no
 * bound here, as there are up to 10,000 of each type.
 * @param isInTree Whether they come from lists of the organization's tree. Handshakes also name accounts of other
 *   organizations.
 */
export function maxDistinctObjects(typename: string, isInTree: boolean, assumptions: Assumptions): number {
  switch (typename) {
    case 'Account':
      return isInTree ? maxItems('accounts', assumptions) : Number.POSITIVE_INFINITY;
    case 'Policy':
      return Number.POSITIVE_INFINITY;
    default:
      return maxObjectsOf(typename);
  }
}

/**
 * A read of the whole organization: all accounts, the organizational units of every parent, or the targets of all
 * service and resource control policies.
 */
export type FullRead = 'accounts' | 'organizationalUnits' | 'policyAttachments';

/** Service and resource control policies attached to one target. */
export const MAX_CONTROL_POLICIES = controlPolicyTypes.reduce((sum, type) => sum + policyLimits[type].maxPerTarget, 0);

/** The maximum number of calls for a read of the whole organization. */
export function callsOfFullRead(read: FullRead, assumptions: Assumptions): number {
  if (read === 'accounts') return Math.ceil(maxItems('accounts', assumptions) / pageSize);
  if (read === 'policyAttachments') {
    const policies = maxObjectsOf('Policy');
    const attachments = maxItems('targets', assumptions) * MAX_CONTROL_POLICIES;
    // The policies of each type, the first page of targets of each policy, and the further pages of those with many.
    return controlPolicyTypes.length + Math.ceil(policies / pageSize) + policies + Math.ceil(attachments / pageSize);
  }
  const parents = quotas.roots + quotas.organizationalUnits;
  // The root, a list for each parent, and the further pages of long ones.
  return quotas.roots + parents + Math.ceil(quotas.organizationalUnits / pageSize);
}
