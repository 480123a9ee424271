import type { Hint, WatchedList } from './types.ts';

export type Concern =
  | 'account creations'
  | 'accounts'
  | 'attachments'
  | 'delegated administrators'
  | 'effective policies'
  | 'handshakes'
  | 'organization'
  | 'organizational units'
  | 'policies'
  | 'policy types'
  | 'resource policy'
  | 'services'
  | 'tags'
  | 'transfers';

export interface OrganizationEvent {
  /** `source` of the event in EventBridge. */
  readonly source: 'aws.account' | 'aws.organizations' | 'aws.tag';
  readonly concerns: readonly Concern[];
}

const of = (...concerns: readonly Concern[]): OrganizationEvent => ({ source: 'aws.organizations', concerns });
/** Names and e-mail addresses of accounts are changed through another service. */
const ofAccounts: OrganizationEvent = { source: 'aws.account', concerns: ['accounts'] };

/**
 * Every event that says that something in an organization has changed, by its name in CloudTrail, as of November 2026.
 * Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html (calls, and the
 * service events that CloudTrail logs by itself),
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_TerminateResponsibilityTransfer.html (transfers),
 * https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-cloudtrail/ (accounts that join and depart),
 * https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html (names and addresses) and
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/tag-monitor.html (tags).
 */
export const organizationEvents: ReadonlyMap<string, OrganizationEvent> = new Map(
  Object.entries({
    CreateAccount: of('account creations'),
    CreateGovCloudAccount: of('account creations'),
    /** The end of a creation, also a failed one. */
    CreateAccountResult: of('account creations', 'accounts', 'attachments', 'tags'),
    CloseAccount: of('accounts'),
    CloseAccountResult: of('accounts', 'delegated administrators'),
    AccountJoinedOrganization: of('accounts', 'attachments', 'tags', 'handshakes'),
    AccountDepartedOrganization: of(
      'accounts',
      'attachments',
      'tags',
      'delegated administrators',
      'organization',
      'handshakes',
    ),
    // A member that leaves takes a handshake that it has not answered yet with it.
    RemoveAccountFromOrganization: of('accounts', 'attachments', 'tags', 'handshakes'),
    LeaveOrganization: of('accounts', 'attachments', 'tags', 'handshakes'),
    MoveAccount: of('accounts', 'effective policies'),
    CreateOrganization: of('organization', 'accounts', 'policies', 'handshakes', 'transfers'),
    DeleteOrganization: of('organization', 'accounts', 'policies', 'handshakes', 'transfers'),
    EnableAllFeatures: of('handshakes', 'organization', 'policy types'),
    InviteAccountToOrganization: of('handshakes'),
    AcceptHandshake: of('handshakes', 'accounts', 'organization', 'transfers'),
    CancelHandshake: of('handshakes', 'transfers'),
    DeclineHandshake: of('handshakes', 'transfers'),
    InviteOrganizationToTransferResponsibility: of('handshakes', 'transfers'),
    UpdateResponsibilityTransfer: of('transfers'),
    TerminateResponsibilityTransfer: of('transfers'),
    ResponsibilityTransferAccepted: of('transfers', 'handshakes'),
    ResponsibilityTransferTerminated: of('transfers'),
    CreateOrganizationalUnit: of('organizational units', 'attachments', 'tags'),
    UpdateOrganizationalUnit: of('organizational units', 'attachments'),
    DeleteOrganizationalUnit: of('organizational units', 'attachments', 'tags'),
    CreatePolicy: of('policies', 'tags'),
    UpdatePolicy: of('policies', 'effective policies'),
    DeletePolicy: of('policies', 'tags'),
    AttachPolicy: of('attachments', 'effective policies'),
    DetachPolicy: of('attachments', 'effective policies'),
    EnablePolicyType: of('policy types', 'attachments'),
    DisablePolicyType: of('policy types', 'attachments', 'effective policies'),
    EffectivePolicyValidation: of('effective policies'),
    PutResourcePolicy: of('resource policy', 'tags'),
    DeleteResourcePolicy: of('resource policy', 'tags'),
    TagResource: of('tags'),
    UntagResource: of('tags'),
    RegisterDelegatedAdministrator: of('delegated administrators'),
    DeregisterDelegatedAdministrator: of('delegated administrators'),
    EnableAWSServiceAccess: of('services'),
    DisableAWSServiceAccess: of('services', 'delegated administrators'),
    PutAccountName: ofAccounts,
    AcceptPrimaryEmailUpdate: ofAccounts,
    /** EventBridge's own, known by its `detail-type`: it comes without CloudTrail and has no `eventName`. */
    'Tag Change on Resource': { source: 'aws.tag', concerns: ['tags'] },
  } satisfies Record<string, OrganizationEvent>),
);

const listsByConcern: Readonly<Partial<Record<Concern, readonly WatchedList[]>>> = {
  handshakes: ['organizationHandshakes', 'accountHandshakes'],
  transfers: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  'account creations': ['createAccountStatuses'],
};

/** The watched lists in which an event may show; none for one of something that is not watched, or that is not known. */
export const listsOfHint = ({ eventName }: Hint): readonly WatchedList[] =>
  (organizationEvents.get(eventName)?.concerns ?? []).flatMap((concern) => listsByConcern[concern] ?? []);
