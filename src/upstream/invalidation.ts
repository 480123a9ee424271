import type { ReadName, WriteName } from './operation-types.ts';

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

/** The reads whose answers a write of the same principal can change. `everything`: the organization itself may be another. */
export const changedBy: Readonly<Record<WriteName, readonly ReadName[] | 'everything'>> = {
  // Accepting an INVITE moves the caller into another organization; the last approval turns all features on.
  AcceptHandshake: 'everything',
  CancelHandshake: [...handshakes, ...transfers],
  DeclineHandshake: [...handshakes, ...transfers],
  InviteAccountToOrganization: handshakes,
  InviteOrganizationToTransferResponsibility: [...handshakes, ...transfers],
  // In an organization of one account this is carried out at once.
  EnableAllFeatures: 'everything',
  UpdateResponsibilityTransfer: transfers,
  TerminateResponsibilityTransfer: transfers,

  CreateOrganization: 'everything',
  DeleteOrganization: 'everything',
  LeaveOrganization: 'everything',

  // A new account or OU gets FullAWSAccess where service control policies are on.
  CreateAccount: ['ListCreateAccountStatus', ...accounts, ...attachments],
  CreateGovCloudAccount: ['ListCreateAccountStatus', ...accounts, ...attachments],
  CloseAccount: [...accounts, ...delegations],
  RemoveAccountFromOrganization: [
    ...accounts,
    ...attachments,
    ...delegations,
    ...effectivePolicies,
    'ListTagsForResource',
  ],
  MoveAccount: [...accounts, ...effectivePolicies],

  CreateOrganizationalUnit: ['ListOrganizationalUnitsForParent', 'ListChildren', ...attachments],
  // A policy's targets are listed with their names.
  UpdateOrganizationalUnit: ['DescribeOrganizationalUnit', 'ListOrganizationalUnitsForParent', 'ListTargetsForPolicy'],
  DeleteOrganizationalUnit: [
    'DescribeOrganizationalUnit',
    'ListAccountsForParent',
    'ListOrganizationalUnitsForParent',
    'ListChildren',
    'ListParents',
    ...attachments,
    ...effectivePolicies,
    'ListTagsForResource',
  ],

  CreatePolicy: ['ListPolicies'],
  UpdatePolicy: ['DescribePolicy', 'ListPolicies', 'ListPoliciesForTarget', ...effectivePolicies],
  DeletePolicy: ['DescribePolicy', 'ListPolicies', 'ListTargetsForPolicy', 'ListTagsForResource'],
  AttachPolicy: [...attachments, ...effectivePolicies],
  DetachPolicy: [...attachments, ...effectivePolicies],
  // Turning a type on attaches AWS's own policy of it; turning it off detaches all.
  EnablePolicyType: ['ListRoots', 'DescribeOrganization', 'ListPolicies', ...attachments, ...effectivePolicies],
  DisablePolicyType: ['ListRoots', 'DescribeOrganization', 'ListPolicies', ...attachments, ...effectivePolicies],
  PutResourcePolicy: ['DescribeResourcePolicy', 'ListTagsForResource'],
  DeleteResourcePolicy: ['DescribeResourcePolicy', 'ListTagsForResource'],

  TagResource: ['ListTagsForResource'],
  UntagResource: ['ListTagsForResource'],

  EnableAWSServiceAccess: ['ListAWSServiceAccessForOrganization'],
  DisableAWSServiceAccess: ['ListAWSServiceAccessForOrganization', ...delegations],
  RegisterDelegatedAdministrator: delegations,
  DeregisterDelegatedAdministrator: delegations,
};
