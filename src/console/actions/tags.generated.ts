// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A tag to attach. */
export type TagInput = {
  /** 1 to 128 letters, digits, spaces or any of _.:/=+-@ */
  key: string;
  /** Up to 256 letters, digits, spaces or any of _.:/=+-@ */
  value: string;
};

/** The input of tagResource. */
export type TagResourceInput = {
  /** An account, root, organizational unit, policy, resource policy or transfer. */
  resourceId: string;
  /** Tags to attach. An existing key gets the new value. */
  tags: Array<TagInput>;
};

/** The input of untagResource. */
export type UntagResourceInput = {
  /** An account, root, organizational unit, policy, resource policy or transfer. */
  resourceId: string;
  /** Keys of the tags to remove. Keys that the resource does not have are ignored. */
  tagKeys: Array<string>;
};

export type SetTagsMutationVariables = Exact<{
  input: TagResourceInput;
}>;

export type SetTagsMutation = { tagResource:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TagResourcePayload' }
    | { __typename: 'TargetNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
   | null };

export type RemoveTagsMutationVariables = Exact<{
  input: UntagResourceInput;
}>;

export type RemoveTagsMutation = { untagResource:
    | { __typename: 'AWSOrganizationsNotInUseException', code: string, message: string, requestId: string | null }
    | { __typename: 'AccessDeniedException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConcurrentModificationException', code: string, message: string, requestId: string | null }
    | { __typename: 'ConstraintViolationException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'InvalidInputException', code: string, message: string, requestId: string | null, reason: string | null }
    | { __typename: 'ServiceException', code: string, message: string, requestId: string | null }
    | { __typename: 'TargetNotFoundException', code: string, message: string, requestId: string | null }
    | { __typename: 'TooManyRequestsException', code: string, message: string, requestId: string | null }
    | { __typename: 'UntagResourcePayload' }
   | null };

export const SetTagsDocument = new TypedDocument<SetTagsMutation, SetTagsMutationVariables>(`mutation SetTags($input: TagResourceInput!) {
  tagResource(input: $input) {
    __typename
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
export const RemoveTagsDocument = new TypedDocument<RemoveTagsMutation, RemoveTagsMutationVariables>(`mutation RemoveTags($input: UntagResourceInput!) {
  untagResource(input: $input) {
    __typename
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
