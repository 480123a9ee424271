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

const changes = (...concerns: readonly Concern[]): OrganizationEvent => ({ source: 'aws.organizations', concerns });
/** Another service changes names and email addresses of accounts. */
const accountChanges: OrganizationEvent = { source: 'aws.account', concerns: ['accounts'] };

/**
 * Every event of a change in an organization, by its name in CloudTrail, as of November 2026.
 * Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html (calls, and the
 * service events that CloudTrail logs by itself),
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_TerminateResponsibilityTransfer.html (transfers),
 * https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-cloudtrail/ (accounts that join and depart),
 * https://docs.aws.amazon.com/accounts/latest/reference/monitoring-cloudtrail.html (names and addresses) and
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/tag-monitor.html (tags).
 */
export const organizationEvents: ReadonlyMap<string, OrganizationEvent> = new Map(
  Object.entries({
    CreateAccount: changes('account creations'),
    CreateGovCloudAccount: changes('account creations'),
    /** The end of a creation, also a failed one. */
    CreateAccountResult: changes('account creations', 'accounts', 'attachments', 'tags'),
    CloseAccount: changes('accounts'),
    CloseAccountResult: changes('accounts', 'delegated administrators'),
    AccountJoinedOrganization: changes('accounts', 'attachments', 'tags', 'handshakes'),
    AccountDepartedOrganization: changes(
      'accounts',
      'attachments',
      'tags',
      'delegated administrators',
      'organization',
      'handshakes',
    ),
    // Pending handshakes of a member end when it leaves.
    RemoveAccountFromOrganization: changes('accounts', 'attachments', 'tags', 'handshakes'),
    LeaveOrganization: changes('accounts', 'attachments', 'tags', 'handshakes'),
    MoveAccount: changes('accounts', 'effective policies'),
    CreateOrganization: changes('organization', 'accounts', 'policies', 'handshakes', 'transfers'),
    DeleteOrganization: changes('organization', 'accounts', 'policies', 'handshakes', 'transfers'),
    EnableAllFeatures: changes('handshakes', 'organization', 'policy types'),
    InviteAccountToOrganization: changes('handshakes'),
    AcceptHandshake: changes('handshakes', 'accounts', 'organization', 'transfers'),
    CancelHandshake: changes('handshakes', 'transfers'),
    DeclineHandshake: changes('handshakes', 'transfers'),
    InviteOrganizationToTransferResponsibility: changes('handshakes', 'transfers'),
    UpdateResponsibilityTransfer: changes('transfers'),
    TerminateResponsibilityTransfer: changes('transfers'),
    ResponsibilityTransferAccepted: changes('transfers', 'handshakes'),
    ResponsibilityTransferTerminated: changes('transfers'),
    CreateOrganizationalUnit: changes('organizational units', 'attachments', 'tags'),
    UpdateOrganizationalUnit: changes('organizational units', 'attachments'),
    DeleteOrganizationalUnit: changes('organizational units', 'attachments', 'tags'),
    CreatePolicy: changes('policies', 'tags'),
    UpdatePolicy: changes('policies', 'effective policies'),
    DeletePolicy: changes('policies', 'tags'),
    AttachPolicy: changes('attachments', 'effective policies'),
    DetachPolicy: changes('attachments', 'effective policies'),
    EnablePolicyType: changes('policy types', 'attachments'),
    DisablePolicyType: changes('policy types', 'attachments', 'effective policies'),
    EffectivePolicyValidation: changes('effective policies'),
    PutResourcePolicy: changes('resource policy', 'tags'),
    DeleteResourcePolicy: changes('resource policy', 'tags'),
    TagResource: changes('tags'),
    UntagResource: changes('tags'),
    RegisterDelegatedAdministrator: changes('delegated administrators'),
    DeregisterDelegatedAdministrator: changes('delegated administrators'),
    EnableAWSServiceAccess: changes('services'),
    DisableAWSServiceAccess: changes('services', 'delegated administrators'),
    PutAccountName: accountChanges,
    AcceptPrimaryEmailUpdate: accountChanges,
    /** EventBridge emits it without CloudTrail: it has a `detail-type` and no `eventName`. */
    'Tag Change on Resource': { source: 'aws.tag', concerns: ['tags'] },
  } satisfies Record<string, OrganizationEvent>),
);

const listsByConcern: Readonly<Partial<Record<Concern, readonly WatchedList[]>>> = {
  handshakes: ['organizationHandshakes', 'accountHandshakes'],
  transfers: ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'],
  'account creations': ['createAccountStatuses'],
};

/** Returns the watched lists that an event may change; none for unknown and unwatched events. */
export const listsOfHint = ({ eventName }: Hint): readonly WatchedList[] =>
  (organizationEvents.get(eventName)?.concerns ?? []).flatMap((concern) => listsByConcern[concern] ?? []);
