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

/** The input of inviteAccountToOrganization. */
export type InviteAccountToOrganizationInput = {
  /** A message to its owner, up to 1,024 characters. */
  notes?: string | null | undefined;
  /** Tags for the account, attached when it accepts. */
  tags?: Array<TagInput> | null | undefined;
  /** The account to invite. */
  target: HandshakePartyInput;
};

/** A tag to attach. */
export type TagInput = {
  /** 1 to 128 letters, digits, spaces or any of _.:/=+-@ */
  key: string;
  /** Up to 256 letters, digits, spaces or any of _.:/=+-@ */
  value: string;
};

export type InviteToOrganizationMutationVariables = Exact<{
  input: InviteAccountToOrganizationInput;
}>;

export type InviteToOrganizationMutation = { inviteAccountToOrganization:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccountOwnerNotVerifiedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'DuplicateHandshakeException', code: string, message: string, requestId: string | null }
    | { __typename: 'FinalizingOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InviteAccountToOrganizationPayload', handshake: { id: string } | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type EnableAllFeaturesMutationVariables = Exact<{ [key: string]: never; }>;

export type EnableAllFeaturesMutation = { enableAllFeatures:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'EnableAllFeaturesPayload', handshake: { id: string } | null }
    | { __typename: 'HandshakeConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export const InviteToOrganizationDocument = new TypedDocument<InviteToOrganizationMutation, InviteToOrganizationMutationVariables>(`mutation InviteToOrganization($input: InviteAccountToOrganizationInput!) {
  inviteAccountToOrganization(input: $input) {
    __typename
    ... on InviteAccountToOrganizationPayload {
      handshake {
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
    ... on HandshakeConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const EnableAllFeaturesDocument = new TypedDocument<EnableAllFeaturesMutation, EnableAllFeaturesMutationVariables>(`mutation EnableAllFeatures {
  enableAllFeatures {
    __typename
    ... on EnableAllFeaturesPayload {
      handshake {
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
    ... on HandshakeConstraintViolationException {
      reason: reasonRaw
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
