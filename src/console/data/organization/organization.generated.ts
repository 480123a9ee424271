// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** How an account joined its organization. */
export type AccountJoinedMethod =
  /** The organization created it. */
  | 'CREATED'
  /** It accepted an invitation. */
  | 'INVITED'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** Where an account is in its life. */
export type AccountState =
  /** In use. */
  | 'ACTIVE'
  /** Closed: it can be reinstated for 90 days and then leaves the organization. */
  | 'CLOSED'
  /** Not usable: its sign-up was begun and is not complete. */
  | 'PENDING_ACTIVATION'
  /** Being closed: it still works, and becomes CLOSED. */
  | 'PENDING_CLOSURE'
  /** Suspended by AWS, and unusable. An account that was closed is CLOSED. */
  | 'SUSPENDED'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** The type of an event. */
export type ChangeType =
  /** The object is new. */
  | 'ADDED'
  /** The end of the initial snapshot, or of the missed events; the object is null. Also sent periodically, so that the cursor of an idle subscriber does not expire. */
  | 'BOOKMARK'
  /** The object has changed. */
  | 'CHANGED'
  /** The object is no longer in the list; the event has its last state. AWS removes handshakes 30 days after their final state. */
  | 'REMOVED'
  /** The object as it is when the subscription begins. */
  | 'SNAPSHOT';

/** The types of policies. All but the first two are merged into an effective policy per account. */
export type PolicyType =
  /** Whether AWS's AI services may use content to improve themselves. */
  | 'AISERVICES_OPT_OUT_POLICY'
  /** Backup plans. */
  | 'BACKUP_POLICY'
  /** Settings of Amazon Bedrock. */
  | 'BEDROCK_POLICY'
  /** Access to accounts from chat applications. */
  | 'CHATBOT_POLICY'
  /** Settings of EC2, EBS and VPC that accounts cannot change. */
  | 'DECLARATIVE_POLICY_EC2'
  /** Where and how GuardDuty is enabled. */
  | 'GUARDDUTY_POLICY'
  /** Where and how Amazon Inspector scans. */
  | 'INSPECTOR_POLICY'
  /** Where Network Security Director is enabled. */
  | 'NETWORK_SECURITY_DIRECTOR_POLICY'
  /** The maximum permissions on resources in the accounts. */
  | 'RESOURCE_CONTROL_POLICY'
  /** Settings of Amazon S3, such as Block Public Access. */
  | 'S3_POLICY'
  /** Where and how Security Hub CSPM is enabled. */
  | 'SECURITYHUB_CSPM_POLICY'
  /** Where Security Hub is enabled. */
  | 'SECURITYHUB_POLICY'
  /** The maximum permissions of principals in the accounts. */
  | 'SERVICE_CONTROL_POLICY'
  /** Standard tag keys and values. */
  | 'TAG_POLICY'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN'
  /** The order of automatic upgrades. */
  | 'UPGRADE_ROLLOUT_POLICY';

/** Whether a policy type is in effect in a root. */
export type PolicyTypeStatus =
  /** In effect. */
  | 'ENABLED'
  /** Being disabled. */
  | 'PENDING_DISABLE'
  /** Being enabled. */
  | 'PENDING_ENABLE'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

export type OrganizationFrameQueryVariables = Exact<{ [key: string]: never; }>;

export type OrganizationFrameQuery = { organization: { id: string, masterAccountId: string | null } | null, root: { id: string, name: string | null, policyTypes: Array<{ type: PolicyType | null, typeRaw: string | null, status: PolicyTypeStatus | null }> | null } | null };

export type KeptOrganizationQueryVariables = Exact<{
  withTags: boolean;
}>;

export type KeptOrganizationQuery = { organization: { id: string, accounts: { nodes: Array<{ id: string, name: string | null, email: string | null, state: AccountState | null, stateRaw: string | null, joinedMethod: AccountJoinedMethod | null, joinedTimestamp: string | null, parent:
          | { id: string }
          | { id: string }
         | null, tags?: { nodes: Array<{ key: string, value: string }> } | null }> } | null, organizationalUnits: { nodes: Array<{ id: string, name: string | null, parent:
          | { id: string }
          | { id: string }
         | null }> } | null } | null };

export type AccountsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type AccountsSubscription = { accountChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, account: { id: string, name: string | null, email: string | null, state: AccountState | null, stateRaw: string | null, joinedMethod: AccountJoinedMethod | null, joinedTimestamp: string | null, parent:
        | { id: string }
        | { id: string }
       | null } | null } };

export type AccountTagsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type AccountTagsSubscription = { accountChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, account: { id: string, tags: { nodes: Array<{ key: string, value: string }> } | null } | null } };

export type OrganizationalUnitsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type OrganizationalUnitsSubscription = { organizationalUnitChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, organizationalUnit: { id: string, name: string | null, parent:
        | { id: string }
        | { id: string }
       | null } | null } };

export type PolicyAttachmentsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type PolicyAttachmentsSubscription = { policyAttachmentChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, policy: { id: string } | null, target:
      | { id: string }
      | { id: string }
      | { id: string }
     | null } };

export type PoliciesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type PoliciesSubscription = { policyChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, policy: { id: string, name: string | null, description: string | null, type: PolicyType | null, typeRaw: string | null, awsManaged: boolean | null } | null } };

export const OrganizationFrameDocument = new TypedDocument<OrganizationFrameQuery, OrganizationFrameQueryVariables>(`query OrganizationFrame {
  organization {
    id
    masterAccountId
  }
  root {
    id
    name
    policyTypes {
      type
      typeRaw
      status
    }
  }
}`);
export const KeptOrganizationDocument = new TypedDocument<KeptOrganizationQuery, KeptOrganizationQueryVariables>(`query KeptOrganization($withTags: Boolean!) {
  organization {
    id
    accounts(first: 20000) {
      nodes {
        id
        name
        email
        state
        stateRaw
        joinedMethod
        joinedTimestamp
        parent {
          id
        }
        tags(first: 50) @include(if: $withTags) {
          nodes {
            key
            value
          }
        }
      }
    }
    organizationalUnits(first: 20000) {
      nodes {
        id
        name
        parent {
          id
        }
      }
    }
  }
}`);
export const AccountsDocument = new TypedDocument<AccountsSubscription, AccountsSubscriptionVariables>(`subscription Accounts($after: String) {
  accountChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    account {
      id
      name
      email
      state
      stateRaw
      joinedMethod
      joinedTimestamp
      parent {
        id
      }
    }
  }
}`);
export const AccountTagsDocument = new TypedDocument<AccountTagsSubscription, AccountTagsSubscriptionVariables>(`subscription AccountTags($after: String) {
  accountChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    account {
      id
      tags(first: 50) {
        nodes {
          key
          value
        }
      }
    }
  }
}`);
export const OrganizationalUnitsDocument = new TypedDocument<OrganizationalUnitsSubscription, OrganizationalUnitsSubscriptionVariables>(`subscription OrganizationalUnits($after: String) {
  organizationalUnitChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    organizationalUnit {
      id
      name
      parent {
        id
      }
    }
  }
}`);
export const PolicyAttachmentsDocument = new TypedDocument<PolicyAttachmentsSubscription, PolicyAttachmentsSubscriptionVariables>(`subscription PolicyAttachments($after: String) {
  policyAttachmentChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    policy {
      id
    }
    target {
      id
    }
  }
}`);
export const PoliciesDocument = new TypedDocument<PoliciesSubscription, PoliciesSubscriptionVariables>(`subscription Policies($after: String) {
  policyChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    policy {
      id
      name
      description
      type
      typeRaw
      awsManaged
    }
  }
}`);
