/**
 * The maximum length of each list. Quotas are those of AWS that cannot be raised (user guide, "Quotas and service limits":
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html). Lists without a quota are estimated with
 * `graph.assumedAccounts`, as they grow with the number of accounts.
 */
export type Longest = keyof typeof quotas | 'accounts' | 'targets' | 'children';

const quotas = {
  roots: 1,
  organizationalUnits: 2_000,
  /** Of one type: service control policies, the type with the most. */
  policies: 10_000,
  /** Of one type, attached to one root, organizational unit or account directly. */
  attachedPolicies: 10,
  tags: 50,
  /** AWS documents no quota. It has some hundred services, and an effective policy has no more errors than elements. */
  services: 1_000,
  /**
   * AWS names no quota of accounts that administer services: each service sets its own, mostly 1. Whole organizations
   * have a handful.
   */
  delegatedAdministrators: 50,
  validationErrors: 1_000,
} as const;

export interface Assumptions {
  /** Accounts of the organization. */
  readonly accounts: number;
}

export function longest(list: Longest, { accounts }: Assumptions): number {
  switch (list) {
    case 'accounts':
      return accounts;
    case 'targets':
      return accounts + quotas.organizationalUnits + quotas.roots;
    case 'children':
      return Math.max(accounts, quotas.organizationalUnits);
    default:
      return quotas[list];
  }
}

/** The maximum number of different objects of a type in one operation. Each is read once. */
export function mostObjects(typename: string): number {
  switch (typename) {
    case 'Organization':
    case 'Root':
    case 'ResourcePolicy':
      return 1;
    case 'OrganizationalUnit':
      return quotas.organizationalUnits;
    // The quotas would allow ten times as many of each type; whole organizations have tens to hundreds.
    case 'Policy':
      return 1_000;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/**
 * How many different objects of a type there are for all fields of one operation together. `inTree`: they come from
 * lists of the organization's tree, where an account is in one place; from elsewhere, as from handshakes, accounts of
 * other organizations come as well. Policies have no such bound: there are up to 10,000 of each type.
 */
export function mostDifferentObjects(typename: string, inTree: boolean, assumptions: Assumptions): number {
  switch (typename) {
    case 'Account':
      return inTree ? longest('accounts', assumptions) : Number.POSITIVE_INFINITY;
    case 'Policy':
      return Number.POSITIVE_INFINITY;
    default:
      return mostObjects(typename);
  }
}
