// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The kind of a change. */
export type ChangeKind =
  /** The object is new; the first tags of a resource. */
  | 'ADDED'
  /** The object has changed. */
  | 'CHANGED'
  /** The object is gone; the last tags of a resource. */
  | 'REMOVED';

/** How a change was found. */
export type ChangeSource =
  /** A write through this or another replica. */
  | 'GATEWAY'
  /** A read that a CloudTrail event made necessary. */
  | 'HINT'
  /** A poll or a sweep, and what AWS changes as a consequence of a write. */
  | 'POLL';

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

/** What a change is a change of. */
export type ChangedType =
  /** An account. */
  | 'ACCOUNT'
  /** The creation of an account. */
  | 'CREATE_ACCOUNT_STATUS'
  /** A delegated administrator, or its services. */
  | 'DELEGATED_ADMINISTRATOR'
  /** The access of a service of AWS to the organization. */
  | 'ENABLED_SERVICE'
  /** A handshake. */
  | 'HANDSHAKE'
  /** The organization itself: its features, its management account. */
  | 'ORGANIZATION'
  /** An organizational unit. */
  | 'ORGANIZATIONAL_UNIT'
  /** A policy, or its text. */
  | 'POLICY'
  /** The attachment of a policy to a root, an organizational unit or an account. */
  | 'POLICY_ATTACHMENT'
  /** The resource policy of the organization. */
  | 'RESOURCE_POLICY'
  /** A responsibility transfer. */
  | 'RESPONSIBILITY_TRANSFER'
  /** A root: its name, its policy types. */
  | 'ROOT'
  /** The tags of a resource. */
  | 'TAG';

/** All given conditions must hold. */
export type HistoryFilter = {
  /** Changes by one of these callers, through the gateway. Needs the scope `audit:read`. */
  callers?: Array<string> | null | undefined;
  /** Changes of one of these kinds. */
  kinds?: Array<ChangeKind> | null | undefined;
  /** Changes of these objects: at most 100 ids, or service principals. Those of a policy include its attachments. */
  objectIds?: Array<string> | null | undefined;
  /** Changes that were observed then or later. */
  since?: string | null | undefined;
  /** Changes that were found in one of these ways. */
  sources?: Array<ChangeSource> | null | undefined;
  /** The object's name or id, or a value before or after, contains this. Ignores case. */
  text?: string | null | undefined;
  /** Changes of one of these types. */
  types?: Array<ChangedType> | null | undefined;
  /** Changes that were observed then or earlier. */
  until?: string | null | undefined;
};

export type HistoryQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: HistoryFilter | null | undefined;
}>;

export type HistoryQuery = { organization: { history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }>, gaps: Array<{ since: string, until: string, missing: number | null, objectId: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ChangedNamesQueryVariables = Exact<{
  ids: Array<string> | string;
}>;

export type ChangedNamesQuery = { nodes: Array<
    | { __typename: 'Account', id: string, name: string | null }
    | { __typename: 'CreateAccountStatus' }
    | { __typename: 'Handshake', id: string, recipient: { id: string } | null }
    | { __typename: 'Organization' }
    | { __typename: 'OrganizationalUnit', id: string, name: string | null }
    | { __typename: 'Policy', id: string, name: string | null }
    | { __typename: 'ResourcePolicy' }
    | { __typename: 'ResponsibilityTransfer' }
    | { __typename: 'Root', id: string, name: string | null }
   | null> };

export type AccountSignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type AccountSignalsSubscription = { accountChanges: { type: ChangeType } };

export type UnitSignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type UnitSignalsSubscription = { organizationalUnitChanges: { type: ChangeType } };

export type PolicySignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type PolicySignalsSubscription = { policyChanges: { type: ChangeType } };

export type AttachmentSignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type AttachmentSignalsSubscription = { policyAttachmentChanges: { type: ChangeType } };

export type InvitationSignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type InvitationSignalsSubscription = { organizationHandshakeChanges: { type: ChangeType } };

export type TransferSignalsSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type TransferSignalsSubscription = { inboundResponsibilityTransferChanges: { type: ChangeType } };

export const HistoryDocument = new TypedDocument<HistoryQuery, HistoryQueryVariables>(`query History($first: Int!, $after: String, $filter: HistoryFilter) {
  organization {
    history(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        observedAt
        kind
        type
        objectId
        objectName
        members {
          name
          before
          after
        }
        source
        caller
        requestId
      }
      gaps {
        since
        until
        missing
        objectId
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}`);
export const ChangedNamesDocument = new TypedDocument<ChangedNamesQuery, ChangedNamesQueryVariables>(`query ChangedNames($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on Account {
      id
      name
    }
    ... on OrganizationalUnit {
      id
      name
    }
    ... on Root {
      id
      name
    }
    ... on Policy {
      id
      name
    }
    ... on Handshake {
      id
      recipient {
        id
      }
    }
  }
}`);
export const AccountSignalsDocument = new TypedDocument<AccountSignalsSubscription, AccountSignalsSubscriptionVariables>(`subscription AccountSignals {
  accountChanges {
    type
  }
}`);
export const UnitSignalsDocument = new TypedDocument<UnitSignalsSubscription, UnitSignalsSubscriptionVariables>(`subscription UnitSignals {
  organizationalUnitChanges {
    type
  }
}`);
export const PolicySignalsDocument = new TypedDocument<PolicySignalsSubscription, PolicySignalsSubscriptionVariables>(`subscription PolicySignals {
  policyChanges {
    type
  }
}`);
export const AttachmentSignalsDocument = new TypedDocument<AttachmentSignalsSubscription, AttachmentSignalsSubscriptionVariables>(`subscription AttachmentSignals {
  policyAttachmentChanges {
    type
  }
}`);
export const InvitationSignalsDocument = new TypedDocument<InvitationSignalsSubscription, InvitationSignalsSubscriptionVariables>(`subscription InvitationSignals {
  organizationHandshakeChanges {
    type
  }
}`);
export const TransferSignalsDocument = new TypedDocument<TransferSignalsSubscription, TransferSignalsSubscriptionVariables>(`subscription TransferSignals {
  inboundResponsibilityTransferChanges {
    type
  }
}`);
