import type { ReadName } from '../upstream/index.ts';
import type { Concern, EventFacts, OrganizationEvent } from './event-facts.ts';
import type { Hint, WatchedList } from './types.ts';

const row = (
  concerns: readonly Concern[],
  ids: OrganizationEvent['ids'],
  reads: readonly ReadName[],
  facts: EventFacts,
): OrganizationEvent => ({ source: 'aws.organizations', concerns, ids, reads, facts });

const accountId = ['requestParameters.accountId'] as const;
const creation = { creation: ['responseElements.createAccountStatus.id'] } as const;
const handshakeId = ['requestParameters.handshakeId', 'responseElements.handshake.id'] as const;
const sentHandshake = {
  account: ['requestParameters.target.id'],
  handshake: ['responseElements.handshake.id'],
} as const;
const transferId = ['requestParameters.id', 'responseElements.responsibilityTransfer.id'] as const;
const chainedTransfers = ['serviceEventDetails.id', 'serviceEventDetails.transferChain[]'] as const;
const unitId = ['requestParameters.organizationalUnitId'] as const;
const createdUnitId = ['responseElements.organizationalUnit.id'] as const;
const policyId = ['requestParameters.policyId', 'responseElements.policy.policySummary.id'] as const;
const policyTypeIds = {
  root: ['requestParameters.rootId', 'responseElements.root.id'],
  policyType: ['requestParameters.policyType'],
} as const;
const attachment = { policy: ['requestParameters.policyId'], target: ['requestParameters.targetId'] } as const;
const delegation = { account: accountId, service: ['requestParameters.servicePrincipal'] } as const;
const newAccountReads = ['DescribeAccount', 'ListPoliciesForTarget', 'ListTagsForResource'] as const;
const handshakeLists = ['ListHandshakesForOrganization', 'ListHandshakesForAccount'] as const;
const transferLists = ['ListInboundResponsibilityTransfers', 'ListOutboundResponsibilityTransfers'] as const;
// AWS does not document where they name the account. The other account that they name is the recipient.
const memberIds = { account: ['serviceEventDetails.**', 'requestParameters.**'] } as const;
/** Another service changes names and email addresses of accounts. */
const accountChange: OrganizationEvent = {
  ...row(['accounts'], { account: [...accountId, 'recipientAccountId'] }, ['DescribeAccount'], 'derived: accounts'),
  source: 'aws.account',
};

/** Every event of a change in an organization, by its name in CloudTrail, as of November 2026. */
const rows: Readonly<Record<string, OrganizationEvent>> = {
  CreateAccount: row(['account creations'], creation, ['ListCreateAccountStatus'], 'documented: guide'),
  CreateGovCloudAccount: row(['account creations'], creation, ['ListCreateAccountStatus'], 'derived: model'),
  // The end of a creation, also a failed one, which has no account.
  CreateAccountResult: row(
    ['account creations', 'accounts', 'attachments', 'tags'],
    {
      creation: ['serviceEventDetails.createAccountStatus.id'],
      account: ['serviceEventDetails.createAccountStatus.accountId'],
    },
    ['ListCreateAccountStatus', ...newAccountReads],
    'documented: guide, sample',
  ),
  CloseAccount: row(['accounts'], { account: accountId }, ['DescribeAccount'], 'documented: guide, model'),
  CloseAccountResult: row(
    ['accounts', 'delegated administrators'],
    { account: ['serviceEventDetails.closeAccountStatus.accountId'] },
    ['DescribeAccount'],
    'documented: guide',
  ),
  AccountJoinedOrganization: row(
    ['accounts', 'attachments', 'tags', 'handshakes'],
    memberIds,
    [...newAccountReads, 'ListHandshakesForOrganization'],
    'partly documented: model, membership',
  ),
  AccountDepartedOrganization: row(
    ['accounts', 'attachments', 'tags', 'delegated administrators', 'organization', 'handshakes'],
    memberIds,
    ['DescribeAccount'],
    'partly documented: model, membership',
  ),
  // Pending handshakes of a member end when it leaves.
  RemoveAccountFromOrganization: row(
    ['accounts', 'attachments', 'tags', 'handshakes'],
    { account: accountId },
    ['DescribeAccount'],
    'derived: guide, model',
  ),
  // In the trail of the member that leaves.
  LeaveOrganization: row(
    ['accounts', 'attachments', 'tags', 'handshakes'],
    { account: ['recipientAccountId'] },
    ['DescribeAccount'],
    'derived: guide, model',
  ),
  MoveAccount: row(
    ['accounts', 'effective policies'],
    {
      account: accountId,
      parent: ['requestParameters.sourceParentId', 'requestParameters.destinationParentId'],
    },
    ['DescribeAccount'],
    'observed: sample',
  ),
  CreateOrganization: row(
    ['organization', 'accounts', 'policies', 'handshakes', 'transfers'],
    {
      organization: ['responseElements.organization.id'],
      account: ['responseElements.organization.masterAccountId'],
    },
    ['DescribeOrganization', 'ListRoots'],
    'derived: guide, model',
  ),
  DeleteOrganization: row(
    ['organization', 'accounts', 'policies', 'handshakes', 'transfers'],
    {},
    ['DescribeOrganization'],
    'derived: model',
  ),
  EnableAllFeatures: row(
    ['handshakes', 'organization', 'policy types'],
    { handshake: ['responseElements.handshake.id'] },
    [...handshakeLists, 'DescribeOrganization', 'ListRoots'],
    'derived: model',
  ),
  InviteAccountToOrganization: row(
    ['handshakes'],
    sentHandshake,
    ['ListHandshakesForOrganization'],
    'documented: guide',
  ),
  // In the trail of the account that accepts.
  AcceptHandshake: row(
    ['handshakes', 'accounts', 'organization', 'transfers'],
    { handshake: handshakeId },
    [...handshakeLists, ...transferLists],
    'derived: guide, model',
  ),
  CancelHandshake: row(
    ['handshakes', 'transfers'],
    { handshake: handshakeId },
    ['ListHandshakesForOrganization', 'ListInboundResponsibilityTransfers'],
    'derived: model',
  ),
  // In the trail of the account that declines.
  DeclineHandshake: row(
    ['handshakes', 'transfers'],
    { handshake: handshakeId },
    [...handshakeLists, 'ListOutboundResponsibilityTransfers'],
    'derived: model',
  ),
  InviteOrganizationToTransferResponsibility: row(
    ['handshakes', 'transfers'],
    sentHandshake,
    ['ListHandshakesForOrganization', 'ListInboundResponsibilityTransfers'],
    'derived: model',
  ),
  UpdateResponsibilityTransfer: row(
    ['transfers'],
    { transfer: transferId },
    ['ListInboundResponsibilityTransfers'],
    'derived: model',
  ),
  TerminateResponsibilityTransfer: row(
    ['transfers'],
    { transfer: transferId },
    transferLists,
    'derived: model, termination',
  ),
  ResponsibilityTransferAccepted: row(
    ['transfers', 'handshakes'],
    { transfer: chainedTransfers },
    [...transferLists, ...handshakeLists],
    'documented: guide, model',
  ),
  ResponsibilityTransferTerminated: row(
    ['transfers'],
    { transfer: chainedTransfers },
    transferLists,
    'documented: guide, termination',
  ),
  CreateOrganizationalUnit: row(
    ['organizational units', 'attachments', 'tags'],
    { parent: ['requestParameters.parentId'], organizationalUnit: createdUnitId },
    ['DescribeOrganizationalUnit', 'ListPoliciesForTarget', 'ListTagsForResource'],
    'documented: guide',
  ),
  UpdateOrganizationalUnit: row(
    ['organizational units', 'attachments'],
    { organizationalUnit: [...unitId, ...createdUnitId] },
    ['DescribeOrganizationalUnit'],
    'derived: model',
  ),
  DeleteOrganizationalUnit: row(
    ['organizational units', 'attachments', 'tags'],
    { organizationalUnit: unitId },
    ['DescribeOrganizationalUnit'],
    'derived: model',
  ),
  CreatePolicy: row(
    ['policies', 'tags'],
    { policy: ['responseElements.policy.policySummary.id'], policyType: ['requestParameters.type'] },
    ['DescribePolicy', 'ListTagsForResource'],
    'observed: model',
  ),
  // The only sign of another content: ListPolicies shows no version and no time.
  UpdatePolicy: row(['policies', 'effective policies'], { policy: policyId }, ['DescribePolicy'], 'observed: model'),
  DeletePolicy: row(
    ['policies', 'tags'],
    { policy: ['requestParameters.policyId'] },
    ['DescribePolicy'],
    'derived: model',
  ),
  AttachPolicy: row(['attachments', 'effective policies'], attachment, ['ListPoliciesForTarget'], 'documented: guide'),
  DetachPolicy: row(['attachments', 'effective policies'], attachment, ['ListPoliciesForTarget'], 'observed: model'),
  EnablePolicyType: row(
    ['policy types', 'attachments'],
    policyTypeIds,
    ['ListRoots', 'ListPolicies', 'ListTargetsForPolicy'],
    'derived: model, policyTypes',
  ),
  // An observed event still shows the type as ENABLED in its response.
  DisablePolicyType: row(
    ['policy types', 'attachments', 'effective policies'],
    policyTypeIds,
    ['ListRoots', 'ListTargetsForPolicy'],
    'observed: policyTypes',
  ),
  EffectivePolicyValidation: row(
    ['effective policies'],
    {
      account: ['serviceEventDetails.accountId'],
      policyType: ['serviceEventDetails.policyType'],
      policy: ['serviceEventDetails.validationErrors[].contributingPolicies[]'],
    },
    ['ListEffectivePolicyValidationErrors'],
    'documented: guide',
  ),
  // CloudTrail masks the content.
  PutResourcePolicy: row(
    ['resource policy', 'tags'],
    { resourcePolicy: ['responseElements.resourcePolicy.resourcePolicySummary.id'] },
    ['DescribeResourcePolicy', 'ListTagsForResource'],
    'observed: model',
  ),
  DeleteResourcePolicy: row(['resource policy', 'tags'], {}, ['DescribeResourcePolicy'], 'derived: model'),
  TagResource: row(['tags'], { resource: ['requestParameters.resourceId'] }, ['ListTagsForResource'], 'derived: model'),
  UntagResource: row(
    ['tags'],
    { resource: ['requestParameters.resourceId'] },
    ['ListTagsForResource'],
    'derived: model',
  ),
  RegisterDelegatedAdministrator: row(
    ['delegated administrators'],
    delegation,
    ['ListDelegatedAdministrators', 'ListDelegatedServicesForAccount'],
    'derived: model',
  ),
  DeregisterDelegatedAdministrator: row(
    ['delegated administrators'],
    delegation,
    ['ListDelegatedAdministrators', 'ListDelegatedServicesForAccount'],
    'derived: model',
  ),
  EnableAWSServiceAccess: row(
    ['services'],
    { service: ['requestParameters.servicePrincipal'] },
    ['ListAWSServiceAccessForOrganization'],
    'derived: model',
  ),
  DisableAWSServiceAccess: row(
    ['services', 'delegated administrators'],
    { service: ['requestParameters.servicePrincipal'] },
    ['ListAWSServiceAccessForOrganization', 'ListDelegatedAdministrators'],
    'derived: model',
  ),
  PutAccountName: accountChange,
  AcceptPrimaryEmailUpdate: accountChange,
  // EventBridge emits it without CloudTrail: it has a `detail-type` and no `eventName`. Seen for accounts only.
  'Tag Change on Resource': {
    ...row(['tags'], { resource: ['resources[]'] }, ['ListTagsForResource'], 'observed: sample, tags'),
    source: 'aws.tag',
  },
};

/** Every event of a change in an organization. */
export const organizationEvents: ReadonlyMap<string, OrganizationEvent> = new Map(Object.entries(rows));

const listsByConcern: Readonly<Partial<Record<Concern, readonly WatchedList[]>>> = {
  handshakes: ['organizationHandshakes', 'accountHandshakes'],
  transfers: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  'account creations': ['createAccountStatuses'],
};

/** Returns the watched lists that an event may change; none for unknown and unwatched events. */
export const listsOfHint = ({ eventName }: Hint): readonly WatchedList[] =>
  (organizationEvents.get(eventName)?.concerns ?? []).flatMap((concern) => listsByConcern[concern] ?? []);
