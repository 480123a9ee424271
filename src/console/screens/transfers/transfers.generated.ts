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

/** Where a transfer is. All but REQUESTED and ACCEPTED are final. There is no status for running or ended: see the timestamps. */
export type ResponsibilityTransferStatus =
  /** The invitation was accepted: the transfer runs from its start on. */
  | 'ACCEPTED'
  /** The invitation was canceled. */
  | 'CANCELED'
  /** The invitation was declined. */
  | 'DECLINED'
  /** The invitation was not answered in time. */
  | 'EXPIRED'
  /** The invitation waits for an answer. */
  | 'REQUESTED'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN'
  /** One side ended the transfer: it still runs to its end timestamp. */
  | 'WITHDRAWN';

export type InboundTransfersSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type InboundTransfersSubscription = { inboundResponsibilityTransferChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, responsibilityTransfer: { id: string, name: string | null, status: ResponsibilityTransferStatus | null, statusRaw: string | null, startTimestamp: string | null, endTimestamp: string | null, activeHandshakeId: string | null, other: { managementAccountId: string | null, managementAccountEmail: string | null } | null } | null } };

export type OutboundTransfersSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type OutboundTransfersSubscription = { outboundResponsibilityTransferChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, responsibilityTransfer: { id: string, name: string | null, status: ResponsibilityTransferStatus | null, statusRaw: string | null, startTimestamp: string | null, endTimestamp: string | null, activeHandshakeId: string | null, other: { managementAccountId: string | null, managementAccountEmail: string | null } | null } | null } };

export type TransferDetailsQueryVariables = Exact<{
  id: string;
}>;

export type TransferDetailsQuery = { responsibilityTransfer: { id: string, arn: string | null, history: { nodes: Array<{ id: string, kind: ChangeKind, type: ChangedType, observedAt: string, source: ChangeSource, caller: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null, tags: { nodes: Array<{ key: string, value: string }> } | null, activeHandshake: { id: string, notes: string | null, requestedTimestamp: string | null, expirationTimestamp: string | null } | null } | null };

export type TransferTagsQueryVariables = Exact<{ [key: string]: never; }>;

export type TransferTagsQuery = { organization: { inboundResponsibilityTransfers: { nodes: Array<{ id: string, tags: { nodes: Array<{ key: string, value: string }> } | null }> } | null } | null };

export const InboundTransfersDocument = new TypedDocument<InboundTransfersSubscription, InboundTransfersSubscriptionVariables>(`subscription InboundTransfers($after: String) {
  inboundResponsibilityTransferChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    responsibilityTransfer {
      id
      name
      status
      statusRaw
      startTimestamp
      endTimestamp
      activeHandshakeId
      other: source {
        managementAccountId
        managementAccountEmail
      }
    }
  }
}`);
export const OutboundTransfersDocument = new TypedDocument<OutboundTransfersSubscription, OutboundTransfersSubscriptionVariables>(`subscription OutboundTransfers($after: String) {
  outboundResponsibilityTransferChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    responsibilityTransfer {
      id
      name
      status
      statusRaw
      startTimestamp
      endTimestamp
      activeHandshakeId
      other: target {
        managementAccountId
        managementAccountEmail
      }
    }
  }
}`);
export const TransferDetailsDocument = new TypedDocument<TransferDetailsQuery, TransferDetailsQueryVariables>(`query TransferDetails($id: ID!) {
  responsibilityTransfer(id: $id) {
    id
    arn
    history(first: 20) {
      nodes {
        id
        kind
        type
        observedAt
        source
        caller
        members {
          name
          before
          after
        }
      }
    }
    tags(first: 50) {
      nodes {
        key
        value
      }
    }
    activeHandshake {
      id
      notes
      requestedTimestamp
      expirationTimestamp
    }
  }
}`);
export const TransferTagsDocument = new TypedDocument<TransferTagsQuery, TransferTagsQueryVariables>(`query TransferTags {
  organization {
    inboundResponsibilityTransfers(first: 1000) {
      nodes {
        id
        tags(first: 50) {
          nodes {
            key
            value
          }
        }
      }
    }
  }
}`);
