import type { Rate } from '../../token-bucket.ts';
import type { OperationName } from './operations.ts';

export interface ThrottleLimit {
  readonly account: Rate;
  readonly organization?: Rate;
}

const perAccount = (rate: number, burst: number): ThrottleLimit => ({ account: { rate, burst } });
const shared = (rate: number, burst: number, organizationRate: number, organizationBurst: number): ThrottleLimit => ({
  account: { rate, burst },
  organization: { rate: organizationRate, burst: organizationBurst },
});

/**
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
 * Operations that the page omits are not throttled, and its "EnableFullControl" is taken as EnableAllFeatures. If a row
 * lists several operations, each has its own bucket: AWS does not say whether they share one.
 */
export const throttleLimits: { readonly [Name in OperationName]?: ThrottleLimit } = {
  AcceptHandshake: shared(1, 2, 5, 5),
  AttachPolicy: perAccount(2, 3),
  CancelHandshake: perAccount(2, 3),
  CloseAccount: perAccount(0.05, 1),
  CreateAccount: perAccount(0.1, 3),
  CreateGovCloudAccount: perAccount(0.1, 3),
  CreateOrganization: perAccount(1, 1),
  CreateOrganizationalUnit: perAccount(1, 2),
  CreatePolicy: perAccount(2, 3),
  DeclineHandshake: shared(1, 1, 5, 5),
  DeleteOrganization: perAccount(1, 1),
  DeleteOrganizationalUnit: perAccount(2, 3),
  DeletePolicy: perAccount(2, 3),
  DeregisterDelegatedAdministrator: perAccount(1, 2),
  DescribeAccount: shared(20, 30, 24, 36),
  DescribeCreateAccountStatus: shared(2, 2, 2, 3),
  DescribeHandshake: shared(1, 2, 6, 10),
  DescribeOrganization: perAccount(1, 2),
  DescribeOrganizationalUnit: shared(2, 2, 2, 3),
  DescribePolicy: shared(2, 2, 2, 3),
  DetachPolicy: perAccount(2, 3),
  DisableAWSServiceAccess: perAccount(1, 2),
  DisablePolicyType: perAccount(1, 1),
  EnableAWSServiceAccess: perAccount(1, 2),
  EnableAllFeatures: perAccount(1, 1),
  EnablePolicyType: perAccount(1, 1),
  InviteAccountToOrganization: perAccount(3, 5),
  LeaveOrganization: perAccount(1, 1),
  ListAWSServiceAccessForOrganization: shared(1, 3, 1, 4),
  ListAccounts: shared(8, 12, 9, 15),
  ListAccountsForParent: shared(5, 8, 6, 10),
  ListChildren: shared(6, 10, 7, 12),
  ListCreateAccountStatus: shared(5, 8, 6, 10),
  ListDelegatedAdministrators: shared(5, 8, 6, 10),
  ListDelegatedServicesForAccount: shared(1, 3, 1, 4),
  ListHandshakesForAccount: shared(5, 8, 6, 10),
  ListHandshakesForOrganization: shared(5, 8, 6, 10),
  ListOrganizationalUnitsForParent: shared(5, 8, 6, 10),
  ListParents: shared(5, 8, 6, 10),
  ListPolicies: shared(5, 8, 6, 10),
  ListPoliciesForTarget: shared(5, 8, 6, 10),
  ListRoots: shared(1, 2, 1, 3),
  ListTagsForResource: shared(10, 15, 12, 18),
  ListTargetsForPolicy: shared(5, 8, 6, 10),
  MoveAccount: perAccount(2, 3),
  RegisterDelegatedAdministrator: perAccount(1, 2),
  RemoveAccountFromOrganization: perAccount(2, 2),
  TagResource: perAccount(4, 6),
  UntagResource: perAccount(4, 6),
  UpdateOrganizationalUnit: perAccount(2, 3),
  UpdatePolicy: perAccount(2, 3),
};
