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

/** Times are milliseconds since the epoch; positions order an entity in the lists that show it. */
export type Tags = Map<string, string>;

/** What an account lacks, and is refused for. Worlds set it; nothing else takes it away but the account's own steps. */
export const Lacking = [
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
export type Lacking = (typeof Lacking)[number];

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: number;
  state: AccountState;
  /** When it entered that state. */
  stateSince: number;
  readonly lacks: Set<Lacking>;
  /** AWS accounts of one organization have one seller of record, e.g. `AWS` or `AWS India`. */
  readonly sellerOfRecord: string;
  /** The account in GovCloud (US) that it is paired with. */
  govCloudAccountId?: string;
  readonly tags: Tags;
  membership?: Membership;
  /** When it last joined or left an organization. */
  membershipChangedAt?: number;
}

export interface Membership {
  readonly organizationId: string;
  readonly joinedMethod: AccountJoinedMethod;
  readonly joinedAt: number;
  /** In the organization's list. */
  readonly position: number;
  parentId: string;
  /** In its parent's list. */
  parentPosition: number;
  /** When it came to its parent. */
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
  /** Grows with each change of the content: two changes can have one time. */
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
  /** Accounts of the organization, open invitations and accounts being created included. */
  accounts: number;
  inboundTransfers: number;
  outboundTransfers: number;
  /** The longest chain of transfers that ends here. */
  transferChain: number;
  /** Inbound transfers over a whole chain. */
  aggregateTransfers: number;
}

export interface Party {
  readonly type: 'ACCOUNT' | 'EMAIL';
  readonly id: string;
}

/** What the recipient is shown of who sent it, as it was then. */
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
  /** As the sender addressed it. A parent ENABLE_ALL_FEATURES has none. */
  readonly recipient?: Party;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly notes?: string;
  readonly tags: Tags;
  readonly parentHandshakeId?: string;
  readonly transferId?: string;
  readonly position: number;
  /** Of a parent: the accounts that have not approved yet. Their own handshakes may be forgotten before it ends. */
  readonly awaiting?: Set<string>;
  state: HandshakeState;
  /** When it entered its final state. */
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
  /** The invited side, whose bill is handed over. */
  source: Participant;
  readonly startAt: number;
  readonly position: number;
  readonly tags: Tags;
  name: string;
  status: ResponsibilityTransferStatus;
  endAt?: number;
}

/** Credentials that the simulator's own STS handed out. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly accountId: string;
  /** ARN and unique id of the assumed role's session. */
  readonly arn: string;
  readonly userId: string;
  readonly expiresAt: number;
}
