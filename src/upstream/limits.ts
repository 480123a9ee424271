import type { OperationName } from './operation-types.ts';

/** A token bucket, as AWS describes its own: `rate` tokens are added a second, up to `burst`. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

const limit = (rate: number, burst: number): Rate => ({ rate, burst });

/**
 * AWS documents no limit for some operations. They get the lowest of those that it documents for reads,
 * and the lowest for writes, creating and closing accounts aside.
 */
const undocumentedRead = limit(1, 2);
const undocumentedWrite = limit(1, 1);

/**
 * The throttles of AWS Organizations, per account that calls.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
 * Operations that share a row of AWS's tables are taken to have a bucket each; AWS does not say.
 */
export const documentedLimits: Readonly<Record<OperationName, Rate>> = {
  // account management
  CloseAccount: limit(0.05, 1),
  CreateAccount: limit(0.1, 3),
  CreateGovCloudAccount: limit(0.1, 3),
  DescribeAccount: limit(20, 30),
  DescribeCreateAccountStatus: limit(2, 2),
  LeaveOrganization: limit(1, 1),
  ListCreateAccountStatus: limit(5, 8),
  // handshake management
  AcceptHandshake: limit(1, 2),
  DescribeHandshake: limit(1, 2),
  CancelHandshake: limit(2, 3),
  DeclineHandshake: limit(1, 1),
  InviteAccountToOrganization: limit(3, 5),
  ListHandshakesForAccount: limit(5, 8),
  ListHandshakesForOrganization: limit(5, 8),
  // organization management
  CreateOrganization: limit(1, 1),
  DeleteOrganization: limit(1, 1),
  CreateOrganizationalUnit: limit(1, 2),
  DescribeOrganization: limit(1, 2),
  MoveAccount: limit(2, 3),
  UpdateOrganizationalUnit: limit(2, 3),
  DeleteOrganizationalUnit: limit(2, 3),
  DescribeOrganizationalUnit: limit(2, 2),
  ListAccounts: limit(8, 12),
  ListChildren: limit(6, 10),
  ListParents: limit(5, 8),
  ListAccountsForParent: limit(5, 8),
  ListOrganizationalUnitsForParent: limit(5, 8),
  ListRoots: limit(1, 2),
  ListTagsForResource: limit(10, 15),
  RemoveAccountFromOrganization: limit(2, 2),
  TagResource: limit(4, 6),
  UntagResource: limit(4, 6),
  // policy management
  CreatePolicy: limit(2, 3),
  DeletePolicy: limit(2, 3),
  AttachPolicy: limit(2, 3),
  DetachPolicy: limit(2, 3),
  DescribePolicy: limit(2, 2),
  DisablePolicyType: limit(1, 1),
  EnablePolicyType: limit(1, 1),
  ListPolicies: limit(5, 8),
  ListPoliciesForTarget: limit(5, 8),
  ListTargetsForPolicy: limit(5, 8),
  UpdatePolicy: limit(2, 3),
  // service management
  EnableAWSServiceAccess: limit(1, 2),
  DisableAWSServiceAccess: limit(1, 2),
  ListAWSServiceAccessForOrganization: limit(1, 3),
  ListDelegatedServicesForAccount: limit(1, 3),
  ListDelegatedAdministrators: limit(5, 8),
  RegisterDelegatedAdministrator: limit(1, 2),
  DeregisterDelegatedAdministrator: limit(1, 2),
  // listed by AWS under an older name, EnableFullControl
  EnableAllFeatures: limit(1, 1),
  // not listed by AWS
  DeleteResourcePolicy: undocumentedWrite,
  DescribeEffectivePolicy: undocumentedRead,
  DescribeResourcePolicy: undocumentedRead,
  DescribeResponsibilityTransfer: undocumentedRead,
  InviteOrganizationToTransferResponsibility: undocumentedWrite,
  ListAccountsWithInvalidEffectivePolicy: undocumentedRead,
  ListEffectivePolicyValidationErrors: undocumentedRead,
  ListInboundResponsibilityTransfers: undocumentedRead,
  ListOutboundResponsibilityTransfers: undocumentedRead,
  PutResourcePolicy: undocumentedWrite,
  TerminateResponsibilityTransfer: undocumentedWrite,
  UpdateResponsibilityTransfer: undocumentedWrite,
};
