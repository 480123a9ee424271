// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The subject of a handshake. */
export type ActionType =
  /** A member account approves that its service-linked role for AWS Organizations is created again. */
  | 'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE'
  /** An invited member account agrees to all features: a child of the former. */
  | 'APPROVE_ALL_FEATURES'
  /** An organization enables all features: the parent handshake, which the management account finalizes. Expires after 90 days. */
  | 'ENABLE_ALL_FEATURES'
  /** An account joins an organization. Expires after 15 days. */
  | 'INVITE'
  /** An organization hands a responsibility, its bill, over to another's management account. Expires 24 hours before the transfer's start. */
  | 'TRANSFER_RESPONSIBILITY'
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

/** The kind of identifier of a handshake party. */
export type HandshakePartyType =
  /** By its account id. */
  | 'ACCOUNT'
  /** By the e-mail address of an account's owner. */
  | 'EMAIL'
  /** By its organization id. */
  | 'ORGANIZATION'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** The types of a handshake's details. */
export type HandshakeResourceType =
  /** Id of an account. */
  | 'ACCOUNT'
  /** E-mail address of an account. */
  | 'EMAIL'
  /** Id of the sending organization's management account. */
  | 'MANAGEMENT_ACCOUNT'
  /** E-mail address of the sending organization's management account. */
  | 'MANAGEMENT_EMAIL'
  /** Name of the sending organization's management account. */
  | 'MANAGEMENT_NAME'
  /** E-mail address of the inviting organization's management account. */
  | 'MASTER_EMAIL'
  /** Name of the inviting organization's management account. */
  | 'MASTER_NAME'
  /** The sender's message to the recipient. */
  | 'NOTES'
  /** Id of an organization, with its details as nested resources. */
  | 'ORGANIZATION'
  /** The organization's feature set. */
  | 'ORGANIZATION_FEATURE_SET'
  /** Id of the handshake that this one belongs to. */
  | 'PARENT_HANDSHAKE'
  /** Id of the transfer, with its details as nested resources. */
  | 'RESPONSIBILITY_TRANSFER'
  /** The transfer's start, in seconds since 1970. */
  | 'TRANSFER_START_TIMESTAMP'
  /** The transfer's type. */
  | 'TRANSFER_TYPE'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** The state of a handshake. The last four are final. */
export type HandshakeState =
  /** Accepted by its recipient. */
  | 'ACCEPTED'
  /** Canceled by its sender. */
  | 'CANCELED'
  /** Declined by its recipient. */
  | 'DECLINED'
  /** Not answered in time. */
  | 'EXPIRED'
  /** Waiting for an answer. For ENABLE_ALL_FEATURES: all members have answered, and it can be finalized. */
  | 'OPEN'
  /** Sent, and waiting for the recipient. */
  | 'REQUESTED'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

export type SentInvitationsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type SentInvitationsSubscription = { organizationHandshakeChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, handshake: { id: string, state: HandshakeState | null, stateRaw: string | null, action: ActionType | null, actionRaw: string | null, notes: string | null, requestedTimestamp: string | null, expirationTimestamp: string | null, sender: { id: string, type: HandshakePartyType } | null, recipient: { id: string, type: HandshakePartyType } | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null }> | null }> | null }> | null } | null } };

export type ReceivedInvitationsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;

export type ReceivedInvitationsSubscription = { accountHandshakeChanges: { type: ChangeType, cursor: string, reset: boolean, observedAt: string, handshake: { id: string, state: HandshakeState | null, stateRaw: string | null, action: ActionType | null, actionRaw: string | null, notes: string | null, requestedTimestamp: string | null, expirationTimestamp: string | null, sender: { id: string, type: HandshakePartyType } | null, recipient: { id: string, type: HandshakePartyType } | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null, resources: Array<{ type: HandshakeResourceType | null, typeRaw: string | null, value: string | null }> | null }> | null }> | null } | null } };

export const SentInvitationsDocument = new TypedDocument<SentInvitationsSubscription, SentInvitationsSubscriptionVariables>(`subscription SentInvitations($after: String) {
  organizationHandshakeChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    handshake {
      id
      state
      stateRaw
      action
      actionRaw
      notes
      requestedTimestamp
      expirationTimestamp
      sender {
        id
        type
      }
      recipient {
        id
        type
      }
      resources {
        type
        typeRaw
        value
        resources {
          type
          typeRaw
          value
          resources {
            type
            typeRaw
            value
          }
        }
      }
    }
  }
}`);
export const ReceivedInvitationsDocument = new TypedDocument<ReceivedInvitationsSubscription, ReceivedInvitationsSubscriptionVariables>(`subscription ReceivedInvitations($after: String) {
  accountHandshakeChanges(after: $after) {
    type
    cursor
    reset
    observedAt
    handshake {
      id
      state
      stateRaw
      action
      actionRaw
      notes
      requestedTimestamp
      expirationTimestamp
      sender {
        id
        type
      }
      recipient {
        id
        type
      }
      resources {
        type
        typeRaw
        value
        resources {
          type
          typeRaw
          value
          resources {
            type
            typeRaw
            value
          }
        }
      }
    }
  }
}`);
