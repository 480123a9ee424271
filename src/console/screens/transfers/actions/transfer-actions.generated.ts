// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The account or organization to invite. */
export type HandshakePartyInput = {
  /** A 12-digit account id, or the e-mail address of an account; 1 to 64 characters. */
  id: string;
  /** The type of `id`: ACCOUNT or EMAIL. ORGANIZATION cannot be invited. */
  type: HandshakePartyType;
};

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

/** The input of inviteOrganizationToTransferResponsibility. */
export type InviteOrganizationToTransferResponsibilityInput = {
  /** A message to the other side, up to 1,024 characters. */
  notes?: string | null | undefined;
  /** Your name for the transfer: 1 to 128 printable ASCII characters. */
  sourceName: string;
  /** When the transfer starts: 00:00:00 UTC on the first day of next month or of the month after it. */
  startTimestamp: string;
  /** Tags for the transfer, attached when it is accepted. */
  tags?: Array<TagInput> | null | undefined;
  /** The other organization's management account: the invited side, which the transfer calls its source. */
  target: HandshakePartyInput;
  /** The responsibility to take over: BILLING. */
  type: ResponsibilityTransferType;
};

/** The types of responsibility. */
export type ResponsibilityTransferType =
  /** Paying the bills. */
  | 'BILLING'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

/** A tag to attach. */
export type TagInput = {
  /** 1 to 128 letters, digits, spaces or any of _.:/=+-@ */
  key: string;
  /** Up to 256 letters, digits, spaces or any of _.:/=+-@ */
  value: string;
};

/** The input of terminateResponsibilityTransfer. */
export type TerminateResponsibilityTransferInput = {
  /** When it is to end: 23:59:59 UTC on the last day of this month or of the next. */
  endTimestamp?: string | null | undefined;
  /** The transfer to end. */
  id: string;
};

/** The input of updateResponsibilityTransfer. */
export type UpdateResponsibilityTransferInput = {
  /** The transfer to rename. */
  id: string;
  /** Its new name: 1 to 128 printable ASCII characters. */
  name: string;
};

export type TransferDatesQueryVariables = Exact<{ [key: string]: never; }>;

export type TransferDatesQuery = { organization: { responsibilityTransferDates: { starts: Array<string>, ends: Array<string> } } | null };

export type InviteToTransferMutationVariables = Exact<{
  input: InviteOrganizationToTransferResponsibilityInput;
}>;

export type InviteToTransferMutation = { inviteOrganizationToTransferResponsibility:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DuplicateHandshakeException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InviteOrganizationToTransferResponsibilityPayload', handshake: { id: string, resources: Array<{ type: HandshakeResourceType | null, value: string | null }> | null } | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type RenameTransferMutationVariables = Exact<{
  input: UpdateResponsibilityTransferInput;
}>;

export type RenameTransferMutation = { updateResponsibilityTransfer:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ResponsibilityTransferNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
    | { __typename: 'UpdateResponsibilityTransferPayload', responsibilityTransfer: { id: string } | null }
   | null };

export type EndTransferMutationVariables = Exact<{
  input: TerminateResponsibilityTransferInput;
}>;

export type EndTransferMutation = { terminateResponsibilityTransfer:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidResponsibilityTransferTransitionException', code: string, message: string, requestId: string | null }
    | { __typename: 'ResponsibilityTransferAlreadyInStatusException', code: string, message: string, requestId: string | null }
    | { __typename: 'ResponsibilityTransferNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TerminateResponsibilityTransferPayload', responsibilityTransfer: { id: string } | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UnsupportedAPIEndpointException', code: string, message: string, requestId: string | null }
   | null };

export type OpenTransferInvitationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;

export type OpenTransferInvitationsQuery = { organization: { handshakes: { nodes: Array<{ id: string, state: HandshakeState | null, requestedTimestamp: string | null, recipient: { id: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export const TransferDatesDocument = new TypedDocument<TransferDatesQuery, TransferDatesQueryVariables>(`query TransferDates {
  organization {
    responsibilityTransferDates {
      starts
      ends
    }
  }
}`);
export const InviteToTransferDocument = new TypedDocument<InviteToTransferMutation, InviteToTransferMutationVariables>(`mutation InviteToTransfer($input: InviteOrganizationToTransferResponsibilityInput!) {
  inviteOrganizationToTransferResponsibility(input: $input) {
    __typename
    ... on InviteOrganizationToTransferResponsibilityPayload {
      handshake {
        id
        resources {
          type
          value
        }
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on HandshakeConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const RenameTransferDocument = new TypedDocument<RenameTransferMutation, RenameTransferMutationVariables>(`mutation RenameTransfer($input: UpdateResponsibilityTransferInput!) {
  updateResponsibilityTransfer(input: $input) {
    __typename
    ... on UpdateResponsibilityTransferPayload {
      responsibilityTransfer {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const EndTransferDocument = new TypedDocument<EndTransferMutation, EndTransferMutationVariables>(`mutation EndTransfer($input: TerminateResponsibilityTransferInput!) {
  terminateResponsibilityTransfer(input: $input) {
    __typename
    ... on TerminateResponsibilityTransferPayload {
      responsibilityTransfer {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on ConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const OpenTransferInvitationsDocument = new TypedDocument<OpenTransferInvitationsQuery, OpenTransferInvitationsQueryVariables>(`query OpenTransferInvitations($first: Int!, $after: String) {
  organization {
    handshakes(
      first: $first
      after: $after
      filter: {actionType: TRANSFER_RESPONSIBILITY}
    ) {
      nodes {
        id
        state
        requestedTimestamp
        recipient {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}`);
