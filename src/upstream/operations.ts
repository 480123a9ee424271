import type { Rate } from '../token-bucket.ts';
import type { declaredErrors } from './declared-errors.generated.ts';
import type { Input, ItemsMember, ListName, OperationName, Output, ReadName, WriteName } from './types.ts';

type DescribeName = Exclude<ReadName, ListName>;

/** The one member of a Describe operation's reply: `Account` of `DescribeAccount`. */
type ObjectMember<O extends DescribeName> = keyof Output<O> & string;

interface Row {
  /** AWS's throttle for each account that calls. */
  readonly limit: Rate;
  /**
   * The Describe operation whose object the reply holds (a write), or each of its items is (a list), so that it need
   * not be called for them.
   */
  readonly primes?: DescribeName;
}

interface ReadRow<O extends ReadName> extends Row {
  /** The exceptions which mean that the object of the read does not exist: null in the graph. */
  readonly notFound: readonly (typeof declaredErrors)[O][number][];
}

interface DescribeRow<O extends DescribeName> extends ReadRow<O> {
  readonly object: ObjectMember<O>;
  /** The request for an object that another reply holds. */
  readonly request?: (object: NonNullable<Output<O>[ObjectMember<O>]>) => Input<O>;
}

interface ListRow<O extends ListName> extends ReadRow<O> {
  /** The member of the reply that holds a page's items. */
  readonly items: ItemsMember<O>;
}

interface WriteRow extends Row {
  /** The reads whose answers the write can change. `everything`: the caller's organization may be another. */
  readonly invalidates: readonly ReadName[] | 'everything';
}

const accounts = [
  'DescribeAccount',
  'ListAccounts',
  'ListAccountsForParent',
  'ListAccountsWithInvalidEffectivePolicy',
  'ListChildren',
  'ListParents',
] as const;
const effectivePolicies = [
  'DescribeEffectivePolicy',
  'ListAccountsWithInvalidEffectivePolicy',
  'ListEffectivePolicyValidationErrors',
] as const;
const attachments = ['ListPoliciesForTarget', 'ListTargetsForPolicy'] as const;
const delegations = ['ListDelegatedAdministrators', 'ListDelegatedServicesForAccount'] as const;
const handshakes = ['DescribeHandshake', 'ListHandshakesForAccount', 'ListHandshakesForOrganization'] as const;
const transfers = [
  'DescribeResponsibilityTransfer',
  'ListInboundResponsibilityTransfers',
  'ListOutboundResponsibilityTransfers',
] as const;

/**
 * AWS documents no limit for some operations. They get the lowest that it documents for reads and for writes, creating
 * and closing accounts aside.
 */
const undocumentedRead: Rate = { rate: 1, burst: 2 };
const undocumentedWrite: Rate = { rate: 1, burst: 1 };

/**
 * What orgql has to know of each operation of AWS Organizations. Limits are from
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
 * Operations that share a row of AWS's tables are taken to have a bucket each, as AWS does not say.
 */
export const operations: {
  readonly [O in OperationName]: O extends ListName ? ListRow<O> : O extends DescribeName ? DescribeRow<O> : WriteRow;
} = {
  // The organization.
  DescribeOrganization: {
    limit: { rate: 1, burst: 2 },
    object: 'Organization',
    request: () => ({}),
    // An account that is in no organization has none to describe.
    notFound: ['AWSOrganizationsNotInUseException'],
  },
  CreateOrganization: { limit: { rate: 1, burst: 1 }, invalidates: 'everything', primes: 'DescribeOrganization' },
  DeleteOrganization: { limit: { rate: 1, burst: 1 }, invalidates: 'everything' },
  LeaveOrganization: { limit: { rate: 1, burst: 1 }, invalidates: 'everything' },
  // Listed by AWS under an older name, EnableFullControl. In an organization of one account it takes effect at once.
  EnableAllFeatures: { limit: { rate: 1, burst: 1 }, invalidates: 'everything', primes: 'DescribeHandshake' },

  // Accounts.
  DescribeAccount: {
    limit: { rate: 20, burst: 30 },
    object: 'Account',
    request: ({ Id }) => ({ AccountId: Id }),
    notFound: ['AccountNotFoundException'],
  },
  ListAccounts: { limit: { rate: 8, burst: 12 }, items: 'Accounts', primes: 'DescribeAccount', notFound: [] },
  ListAccountsForParent: {
    limit: { rate: 5, burst: 8 },
    items: 'Accounts',
    primes: 'DescribeAccount',
    notFound: ['ParentNotFoundException'],
  },
  // It primes nothing: AWS names State only for the other three operations that return accounts.
  ListAccountsWithInvalidEffectivePolicy: { limit: undocumentedRead, items: 'Accounts', notFound: [] },
  DescribeCreateAccountStatus: {
    limit: { rate: 2, burst: 2 },
    object: 'CreateAccountStatus',
    request: ({ Id }) => ({ CreateAccountRequestId: Id }),
    notFound: ['CreateAccountStatusNotFoundException'],
  },
  ListCreateAccountStatus: {
    limit: { rate: 5, burst: 8 },
    items: 'CreateAccountStatuses',
    primes: 'DescribeCreateAccountStatus',
    notFound: [],
  },
  // A new account or OU gets FullAWSAccess where service control policies are on.
  CreateAccount: {
    limit: { rate: 0.1, burst: 3 },
    invalidates: ['ListCreateAccountStatus', ...accounts, ...attachments],
    primes: 'DescribeCreateAccountStatus',
  },
  CreateGovCloudAccount: {
    limit: { rate: 0.1, burst: 3 },
    invalidates: ['ListCreateAccountStatus', ...accounts, ...attachments],
    primes: 'DescribeCreateAccountStatus',
  },
  CloseAccount: { limit: { rate: 0.05, burst: 1 }, invalidates: [...accounts, ...delegations] },
  MoveAccount: { limit: { rate: 2, burst: 3 }, invalidates: [...accounts, ...effectivePolicies] },
  RemoveAccountFromOrganization: {
    limit: { rate: 2, burst: 2 },
    invalidates: [...accounts, ...attachments, ...delegations, ...effectivePolicies, 'ListTagsForResource'],
  },

  // The tree.
  ListRoots: { limit: { rate: 1, burst: 2 }, items: 'Roots', notFound: [] },
  ListChildren: { limit: { rate: 6, burst: 10 }, items: 'Children', notFound: ['ParentNotFoundException'] },
  ListParents: { limit: { rate: 5, burst: 8 }, items: 'Parents', notFound: ['ChildNotFoundException'] },
  DescribeOrganizationalUnit: {
    limit: { rate: 2, burst: 2 },
    object: 'OrganizationalUnit',
    request: ({ Id }) => ({ OrganizationalUnitId: Id }),
    notFound: ['OrganizationalUnitNotFoundException'],
  },
  ListOrganizationalUnitsForParent: {
    limit: { rate: 5, burst: 8 },
    items: 'OrganizationalUnits',
    primes: 'DescribeOrganizationalUnit',
    notFound: ['ParentNotFoundException'],
  },
  CreateOrganizationalUnit: {
    limit: { rate: 1, burst: 2 },
    invalidates: ['ListOrganizationalUnitsForParent', 'ListChildren', ...attachments],
    primes: 'DescribeOrganizationalUnit',
  },
  // ListTargetsForPolicy returns the names of targets.
  UpdateOrganizationalUnit: {
    limit: { rate: 2, burst: 3 },
    invalidates: ['DescribeOrganizationalUnit', 'ListOrganizationalUnitsForParent', 'ListTargetsForPolicy'],
    primes: 'DescribeOrganizationalUnit',
  },
  DeleteOrganizationalUnit: {
    limit: { rate: 2, burst: 3 },
    invalidates: [
      'DescribeOrganizationalUnit',
      'ListAccountsForParent',
      'ListOrganizationalUnitsForParent',
      'ListChildren',
      'ListParents',
      ...attachments,
      ...effectivePolicies,
      'ListTagsForResource',
    ],
  },

  // Handshakes.
  DescribeHandshake: {
    limit: { rate: 1, burst: 2 },
    object: 'Handshake',
    request: ({ Id }) => ({ HandshakeId: Id }),
    notFound: ['HandshakeNotFoundException'],
  },
  ListHandshakesForAccount: {
    limit: { rate: 5, burst: 8 },
    items: 'Handshakes',
    primes: 'DescribeHandshake',
    notFound: [],
  },
  ListHandshakesForOrganization: {
    limit: { rate: 5, burst: 8 },
    items: 'Handshakes',
    primes: 'DescribeHandshake',
    notFound: [],
  },
  InviteAccountToOrganization: { limit: { rate: 3, burst: 5 }, invalidates: handshakes, primes: 'DescribeHandshake' },
  InviteOrganizationToTransferResponsibility: {
    limit: undocumentedWrite,
    invalidates: [...handshakes, ...transfers],
    primes: 'DescribeHandshake',
  },
  // Accepting an INVITE moves the caller into another organization; the last approval turns all features on.
  AcceptHandshake: { limit: { rate: 1, burst: 2 }, invalidates: 'everything', primes: 'DescribeHandshake' },
  CancelHandshake: {
    limit: { rate: 2, burst: 3 },
    invalidates: [...handshakes, ...transfers],
    primes: 'DescribeHandshake',
  },
  DeclineHandshake: {
    limit: { rate: 1, burst: 1 },
    invalidates: [...handshakes, ...transfers],
    primes: 'DescribeHandshake',
  },

  // Responsibility transfers.
  DescribeResponsibilityTransfer: {
    limit: undocumentedRead,
    object: 'ResponsibilityTransfer',
    request: ({ Id }) => ({ Id }),
    notFound: ['ResponsibilityTransferNotFoundException'],
  },
  ListInboundResponsibilityTransfers: {
    limit: undocumentedRead,
    items: 'ResponsibilityTransfers',
    primes: 'DescribeResponsibilityTransfer',
    notFound: ['ResponsibilityTransferNotFoundException'],
  },
  ListOutboundResponsibilityTransfers: {
    limit: undocumentedRead,
    items: 'ResponsibilityTransfers',
    primes: 'DescribeResponsibilityTransfer',
    notFound: [],
  },
  UpdateResponsibilityTransfer: {
    limit: undocumentedWrite,
    invalidates: transfers,
    primes: 'DescribeResponsibilityTransfer',
  },
  TerminateResponsibilityTransfer: {
    limit: undocumentedWrite,
    invalidates: transfers,
    primes: 'DescribeResponsibilityTransfer',
  },

  // Policies.
  DescribePolicy: {
    limit: { rate: 2, burst: 2 },
    object: 'Policy',
    request: ({ PolicySummary }) => ({ PolicyId: PolicySummary?.Id }),
    notFound: ['PolicyNotFoundException'],
  },
  // It primes nothing: its summaries lack the content.
  ListPolicies: { limit: { rate: 5, burst: 8 }, items: 'Policies', notFound: [] },
  ListPoliciesForTarget: { limit: { rate: 5, burst: 8 }, items: 'Policies', notFound: ['TargetNotFoundException'] },
  ListTargetsForPolicy: { limit: { rate: 5, burst: 8 }, items: 'Targets', notFound: ['PolicyNotFoundException'] },
  CreatePolicy: { limit: { rate: 2, burst: 3 }, invalidates: ['ListPolicies'], primes: 'DescribePolicy' },
  UpdatePolicy: {
    limit: { rate: 2, burst: 3 },
    invalidates: ['DescribePolicy', 'ListPolicies', 'ListPoliciesForTarget', ...effectivePolicies],
    primes: 'DescribePolicy',
  },
  DeletePolicy: {
    limit: { rate: 2, burst: 3 },
    invalidates: ['DescribePolicy', 'ListPolicies', 'ListTargetsForPolicy', 'ListTagsForResource'],
  },
  AttachPolicy: { limit: { rate: 2, burst: 3 }, invalidates: [...attachments, ...effectivePolicies] },
  DetachPolicy: { limit: { rate: 2, burst: 3 }, invalidates: [...attachments, ...effectivePolicies] },
  // Turning a type on attaches AWS's own policy of it; turning it off detaches all.
  EnablePolicyType: {
    limit: { rate: 1, burst: 1 },
    invalidates: ['ListRoots', 'DescribeOrganization', 'ListPolicies', ...attachments, ...effectivePolicies],
  },
  DisablePolicyType: {
    limit: { rate: 1, burst: 1 },
    invalidates: ['ListRoots', 'DescribeOrganization', 'ListPolicies', ...attachments, ...effectivePolicies],
  },
  DescribeEffectivePolicy: {
    limit: undocumentedRead,
    object: 'EffectivePolicy',
    notFound: ['EffectivePolicyNotFoundException', 'TargetNotFoundException'],
  },
  ListEffectivePolicyValidationErrors: {
    limit: undocumentedRead,
    items: 'EffectivePolicyValidationErrors',
    notFound: ['AccountNotFoundException'],
  },
  DescribeResourcePolicy: {
    limit: undocumentedRead,
    object: 'ResourcePolicy',
    request: () => ({}),
    notFound: ['ResourcePolicyNotFoundException'],
  },
  PutResourcePolicy: {
    limit: undocumentedWrite,
    invalidates: ['DescribeResourcePolicy', 'ListTagsForResource'],
    primes: 'DescribeResourcePolicy',
  },
  DeleteResourcePolicy: { limit: undocumentedWrite, invalidates: ['DescribeResourcePolicy', 'ListTagsForResource'] },

  // Tags.
  ListTagsForResource: { limit: { rate: 10, burst: 15 }, items: 'Tags', notFound: ['TargetNotFoundException'] },
  TagResource: { limit: { rate: 4, burst: 6 }, invalidates: ['ListTagsForResource'] },
  UntagResource: { limit: { rate: 4, burst: 6 }, invalidates: ['ListTagsForResource'] },

  // Services.
  ListAWSServiceAccessForOrganization: {
    limit: { rate: 1, burst: 3 },
    items: 'EnabledServicePrincipals',
    notFound: [],
  },
  EnableAWSServiceAccess: { limit: { rate: 1, burst: 2 }, invalidates: ['ListAWSServiceAccessForOrganization'] },
  DisableAWSServiceAccess: {
    limit: { rate: 1, burst: 2 },
    invalidates: ['ListAWSServiceAccessForOrganization', ...delegations],
  },
  ListDelegatedAdministrators: { limit: { rate: 5, burst: 8 }, items: 'DelegatedAdministrators', notFound: [] },
  ListDelegatedServicesForAccount: {
    limit: { rate: 1, burst: 3 },
    items: 'DelegatedServices',
    notFound: ['AccountNotFoundException'],
  },
  RegisterDelegatedAdministrator: { limit: { rate: 1, burst: 2 }, invalidates: delegations },
  DeregisterDelegatedAdministrator: { limit: { rate: 1, burst: 2 }, invalidates: delegations },
};

/** Sorted. */
export const operationNames = (Object.keys(operations) as OperationName[]).sort();

export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

export function isReadName(name: string): name is ReadName {
  return isOperationName(name) && 'notFound' in operations[name];
}

export function isWriteName(name: string): name is WriteName {
  return isOperationName(name) && 'invalidates' in operations[name];
}
