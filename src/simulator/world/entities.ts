import type {
  AccountJoinedMethod,
  AccountState,
  ActionType,
  CreateAccountFailureReason,
  CreateAccountState,
  HandshakeState,
  OrganizationFeatureSet,
  PolicyType,
  ResponsibilityTransferStatus,
} from '../model/enums.ts';

/** In this file, times are milliseconds since the epoch, and a position orders an entity in lists. */
export type Tags = Map<string, string>;

/**
 * Prerequisites that an account can lack; operations that need one fail. A world file or the control interface sets
 * them.
 */
export const Prerequisite = [
  'PAYMENT_INSTRUMENT',
  'PHONE_VERIFICATION',
  'EULA',
  'CONTACT_INFO',
  'BUSINESS_LICENSE',
  'COMPLETE_SETUP',
  'EMAIL_VERIFICATION',
  'SERVICE_LINKED_ROLE',
  'SERVICE_LINKED_ROLE_PERMISSION',
] as const;
export type Prerequisite = (typeof Prerequisite)[number];

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: number;
  state: AccountState;
  /** Start of the current state. */
  stateSince: number;
  readonly missingPrerequisites: Set<Prerequisite>;
  /** Accounts of one organization have the same seller of record, e.g. `AWS` or `AWS India`. */
  readonly sellerOfRecord: string;
  /** Id of the paired account in GovCloud (US). */
  govCloudAccountId?: string;
  readonly tags: Tags;
  membership?: Membership;
  /** Time at which it last joined or left an organization. */
  membershipChangedAt?: number;
}

export interface Membership {
  readonly organizationId: string;
  readonly joinedMethod: AccountJoinedMethod;
  readonly joinedAt: number;
  /** Position in the organization's list. */
  readonly position: number;
  parentId: string;
  /** Position in the parent's list. */
  parentPosition: number;
  /** Time of the move to the current parent. */
  movedAt: number;
}

export interface OrganizationalUnit {
  readonly id: string;
  name: string;
  readonly parentId: string;
  readonly position: number;
  readonly tags: Tags;
}

export interface EnabledPolicyType {
  status: 'ENABLED' | 'PENDING_ENABLE' | 'PENDING_DISABLE';
}

export interface Root {
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
  readonly policyTypes: Map<PolicyType, EnabledPolicyType>;
}

export interface Policy {
  readonly id: string;
  readonly type: PolicyType;
  readonly awsManaged: boolean;
  readonly position: number;
  readonly tags: Tags;
  name: string;
  description: string;
  content: string;
  /** Incremented by each change of the content. `updatedAt` does not suffice: two changes can have the same time. */
  revision: number;
  updatedAt: number;
}

export interface Attachment {
  readonly policy: Policy;
  readonly targetId: string;
  readonly position: number;
  readonly attachedAt: number;
}

export interface CreateAccountRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly accountName: string;
  readonly email: string;
  readonly requestedAt: number;
  readonly position: number;
  readonly tags: Tags;
  readonly govCloud: boolean;
  state: CreateAccountState;
  completedAt?: number;
  accountId?: string;
  govCloudAccountId?: string;
  failureReason?: CreateAccountFailureReason;
}

export interface ResourcePolicy {
  readonly id: string;
  content: string;
  readonly tags: Tags;
}

export interface Quotas {
  /** Members, open invitations and accounts in creation. */
  accounts: number;
  inboundTransfers: number;
  outboundTransfers: number;
  /** Length of the longest chain of transfers that ends here. */
  transferChain: number;
  /** Number of inbound transfers in a whole chain. */
  aggregateTransfers: number;
}

export interface Party {
  readonly type: 'ACCOUNT' | 'EMAIL';
  readonly id: string;
}

/** The sender at the time of sending, as the recipient sees it. */
export interface Sender {
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly email: string;
  readonly name: string;
  readonly featureSet: OrganizationFeatureSet;
}

export interface Handshake {
  readonly id: string;
  readonly action: ActionType;
  readonly sender: Sender;
  /** Addressed by account id or e-mail address. An ENABLE_ALL_FEATURES handshake has no recipient. */
  readonly recipient?: Party;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly notes?: string;
  readonly tags: Tags;
  readonly parentHandshakeId?: string;
  readonly transferId?: string;
  readonly position: number;
  /**
   * ENABLE_ALL_FEATURES only: ids of accounts that have not approved yet. Their own handshakes may be deleted earlier.
   */
  readonly awaiting?: Set<string>;
  state: HandshakeState;
  /** Time of the final state. */
  completedAt?: number;
}

export type FinalState = Exclude<HandshakeState, 'OPEN' | 'REQUESTED'>;

export interface Participant {
  readonly managementAccountId?: string;
  readonly managementAccountEmail?: string;
  readonly organizationId?: string;
}

export interface ResponsibilityTransfer {
  readonly id: string;
  readonly type: 'BILLING';
  readonly handshakeId: string;
  readonly invited: Party;
  /** The inviting side, which pays. */
  readonly target: Participant & { readonly organizationId: string; readonly managementAccountId: string };
  /** The invited side, which hands over its bill. */
  source: Participant;
  readonly startAt: number;
  readonly position: number;
  readonly tags: Tags;
  name: string;
  status: ResponsibilityTransferStatus;
  endAt?: number;
}

/** Credentials issued by the simulator's STS. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly accountId: string;
  /** ARN and unique id of the assumed role's session. */
  readonly arn: string;
  readonly userId: string;
  /** ARN of the role, with its path. */
  readonly roleArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys of the tags that sessions inherit which this session starts. */
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  readonly expiresAt: number;
}
