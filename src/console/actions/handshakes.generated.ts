// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The input of acceptHandshake. */
export type AcceptHandshakeInput = {
  /** The handshake to accept. */
  handshakeId: string;
};

/** The input of cancelHandshake. */
export type CancelHandshakeInput = {
  /** The handshake to cancel. */
  handshakeId: string;
};

/** The input of declineHandshake. */
export type DeclineHandshakeInput = {
  /** The handshake to decline. */
  handshakeId: string;
};

export type CancelInvitationMutationVariables = Exact<{
  input: CancelHandshakeInput;
}>;

export type CancelInvitationMutation = { cancelHandshake:
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'CancelHandshakePayload', handshake: { id: string } | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeAlreadyInStateException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidHandshakeTransitionException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type AcceptInvitationMutationVariables = Exact<{
  input: AcceptHandshakeInput;
}>;

export type AcceptInvitationMutation = { acceptHandshake:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AcceptHandshakePayload', handshake: { id: string } | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedForDependencyException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'HandshakeAlreadyInStateException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'HandshakeNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidHandshakeTransitionException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'MasterCannotLeaveOrganizationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type DeclineInvitationMutationVariables = Exact<{
  input: DeclineHandshakeInput;
}>;

export type DeclineInvitationMutation = { declineHandshake:
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'DeclineHandshakePayload', handshake: { id: string } | null }
    | { __typename: 'HandshakeAlreadyInStateException', code: string, message: string, requestId: string | null }
    | { __typename: 'HandshakeNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidHandshakeTransitionException', code: string, message: string, requestId: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export const CancelInvitationDocument = new TypedDocument<CancelInvitationMutation, CancelInvitationMutationVariables>(`mutation CancelInvitation($input: CancelHandshakeInput!) {
  cancelHandshake(input: $input) {
    __typename
    ... on CancelHandshakePayload {
      handshake {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
export const AcceptInvitationDocument = new TypedDocument<AcceptInvitationMutation, AcceptInvitationMutationVariables>(`mutation AcceptInvitation($input: AcceptHandshakeInput!) {
  acceptHandshake(input: $input) {
    __typename
    ... on AcceptHandshakePayload {
      handshake {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on AccessDeniedForDependencyException {
      reason: reasonRaw
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
export const DeclineInvitationDocument = new TypedDocument<DeclineInvitationMutation, DeclineInvitationMutationVariables>(`mutation DeclineInvitation($input: DeclineHandshakeInput!) {
  declineHandshake(input: $input) {
    __typename
    ... on DeclineHandshakePayload {
      handshake {
        id
      }
    }
    ... on Error {
      code
      message
      requestId
    }
    ... on InvalidInputException {
      reason: reasonRaw
    }
  }
}`);
