import type { OperationName } from './operations.ts';

/**
 * The accounts that may call an operation:
 * - `anyone`: any account; the operation checks whether the account is a party.
 * - `standalone`: an account in no organization.
 * - `members`: any account of an organization.
 * - `member`: any but the management account.
 * - `management`: the management account.
 * - `administrators`: the management account, delegated administrators of any service, and accounts that the
 *   organization's resource policy allows to read.
 * - `policy administrators`: the management account, and accounts that the organization's resource policy allows.
 */
export type Callers =
  | 'anyone'
  | 'standalone'
  | 'members'
  | 'member'
  | 'management'
  | 'administrators'
  | 'policy administrators';

export interface CallerRule {
  readonly callers: Callers;
  /**
   * The operation requires all features, and fails with this exception in an organization with consolidated billing
   * only.
   */
  readonly allFeatures?: 'ConstraintViolationException' | 'PolicyTypeNotAvailableForOrganizationException';
  /** Outside the partition `aws` the operation fails with UnsupportedAPIEndpointException. */
  readonly commercialOnly?: true;
}

const allFeatures = 'ConstraintViolationException';
const policiesAvailable = 'PolicyTypeNotAvailableForOrganizationException';

/**
 * Sources: the operations' pages at https://docs.aws.amazon.com/organizations/latest/APIReference/,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html and, for transfers,
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing.html.
 */
export const callerRules: { readonly [Name in OperationName]: CallerRule } = {
  AcceptHandshake: { callers: 'anyone' },
  AttachPolicy: { callers: 'policy administrators', allFeatures },
  CancelHandshake: { callers: 'anyone' },
  CloseAccount: { callers: 'management', allFeatures },
  CreateAccount: { callers: 'management' },
  CreateGovCloudAccount: { callers: 'management', commercialOnly: true },
  CreateOrganization: { callers: 'standalone' },
  CreateOrganizationalUnit: { callers: 'management' },
  CreatePolicy: { callers: 'policy administrators', allFeatures: policiesAvailable },
  DeclineHandshake: { callers: 'anyone' },
  DeleteOrganization: { callers: 'management' },
  DeleteOrganizationalUnit: { callers: 'management' },
  DeletePolicy: { callers: 'policy administrators' },
  DeleteResourcePolicy: { callers: 'management', allFeatures },
  DeregisterDelegatedAdministrator: { callers: 'management', allFeatures },
  DescribeAccount: { callers: 'administrators' },
  DescribeCreateAccountStatus: { callers: 'administrators' },
  DescribeEffectivePolicy: { callers: 'members', allFeatures },
  DescribeHandshake: { callers: 'anyone' },
  DescribeOrganization: { callers: 'members' },
  DescribeOrganizationalUnit: { callers: 'administrators' },
  DescribePolicy: { callers: 'administrators' },
  DescribeResourcePolicy: { callers: 'administrators', allFeatures },
  DescribeResponsibilityTransfer: { callers: 'management', commercialOnly: true },
  DetachPolicy: { callers: 'policy administrators', allFeatures },
  DisableAWSServiceAccess: { callers: 'management', allFeatures },
  DisablePolicyType: { callers: 'policy administrators', allFeatures },
  EnableAWSServiceAccess: { callers: 'management', allFeatures },
  EnableAllFeatures: { callers: 'management' },
  EnablePolicyType: { callers: 'policy administrators', allFeatures: policiesAvailable },
  InviteAccountToOrganization: { callers: 'management' },
  InviteOrganizationToTransferResponsibility: { callers: 'management', allFeatures, commercialOnly: true },
  LeaveOrganization: { callers: 'member' },
  ListAWSServiceAccessForOrganization: { callers: 'administrators', allFeatures },
  ListAccounts: { callers: 'administrators' },
  ListAccountsForParent: { callers: 'administrators' },
  ListAccountsWithInvalidEffectivePolicy: { callers: 'administrators', allFeatures },
  ListChildren: { callers: 'administrators' },
  ListCreateAccountStatus: { callers: 'administrators' },
  ListDelegatedAdministrators: { callers: 'administrators', allFeatures },
  ListDelegatedServicesForAccount: { callers: 'administrators', allFeatures },
  ListEffectivePolicyValidationErrors: { callers: 'administrators', allFeatures },
  ListHandshakesForAccount: { callers: 'anyone' },
  ListHandshakesForOrganization: { callers: 'administrators' },
  ListInboundResponsibilityTransfers: { callers: 'management', allFeatures, commercialOnly: true },
  ListOrganizationalUnitsForParent: { callers: 'administrators' },
  ListOutboundResponsibilityTransfers: { callers: 'management', allFeatures, commercialOnly: true },
  ListParents: { callers: 'administrators' },
  ListPolicies: { callers: 'administrators' },
  ListPoliciesForTarget: { callers: 'administrators' },
  ListRoots: { callers: 'administrators' },
  ListTagsForResource: { callers: 'administrators' },
  ListTargetsForPolicy: { callers: 'administrators' },
  MoveAccount: { callers: 'management' },
  PutResourcePolicy: { callers: 'management', allFeatures },
  RegisterDelegatedAdministrator: { callers: 'management', allFeatures },
  RemoveAccountFromOrganization: { callers: 'management' },
  TagResource: { callers: 'policy administrators' },
  TerminateResponsibilityTransfer: { callers: 'management', allFeatures, commercialOnly: true },
  UntagResource: { callers: 'policy administrators' },
  UpdateOrganizationalUnit: { callers: 'management' },
  UpdatePolicy: { callers: 'policy administrators', allFeatures },
  UpdateResponsibilityTransfer: { callers: 'management', allFeatures, commercialOnly: true },
};
