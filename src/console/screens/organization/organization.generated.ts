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

export type AccountDetailsQueryVariables = Exact<{
  id: string;
}>;

export type AccountDetailsQuery = { account: { id: string, arn: string | null, name: string | null, email: string | null, stateRaw: string | null, joinedMethodRaw: string | null, joinedTimestamp: string | null, paths: Array<string> | null, tags: { nodes: Array<{ key: string, value: string }> } | null } | null };

export type UnitDetailsQueryVariables = Exact<{
  id: string;
}>;

export type UnitDetailsQuery = { organizationalUnit: { id: string, arn: string | null, name: string | null, path: string | null, tags: { nodes: Array<{ key: string, value: string }> } | null } | null };

export type RootDetailsQueryVariables = Exact<{ [key: string]: never; }>;

export type RootDetailsQuery = { root: { id: string, arn: string | null, name: string | null, policyTypes: Array<{ typeRaw: string | null, statusRaw: string | null }> | null, tags: { nodes: Array<{ key: string, value: string }> } | null } | null };

export type FindInOrganizationQueryVariables = Exact<{
  text: string;
}>;

export type FindInOrganizationQuery = { organization: { id: string, accounts: { nodes: Array<{ id: string, name: string | null, email: string | null, stateRaw: string | null }> } | null } | null };

export type ObjectHistoryQueryVariables = Exact<{
  id: string;
}>;

export type ObjectHistoryQuery = { node:
    | { __typename: 'Account', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
    | { __typename: 'CreateAccountStatus', id: string }
    | { __typename: 'Handshake', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
    | { __typename: 'Organization', id: string }
    | { __typename: 'OrganizationalUnit', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
    | { __typename: 'Policy', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
    | { __typename: 'ResourcePolicy', id: string }
    | { __typename: 'ResponsibilityTransfer', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
    | { __typename: 'Root', id: string, history: { nodes: Array<{ id: string, observedAt: string, kind: ChangeKind, type: ChangedType, objectId: string, objectName: string | null, source: ChangeSource, caller: string | null, requestId: string | null, members: Array<{ name: string, before: unknown, after: unknown }> }> } | null }
   | null };

export const AccountDetailsDocument = new TypedDocument<AccountDetailsQuery, AccountDetailsQueryVariables>(`query AccountDetails($id: ID!) {
  account(id: $id) {
    id
    arn
    name
    email
    stateRaw
    joinedMethodRaw
    joinedTimestamp
    paths
    tags(first: 50) {
      nodes {
        key
        value
      }
    }
  }
}`);
export const UnitDetailsDocument = new TypedDocument<UnitDetailsQuery, UnitDetailsQueryVariables>(`query UnitDetails($id: ID!) {
  organizationalUnit(id: $id) {
    id
    arn
    name
    path
    tags(first: 50) {
      nodes {
        key
        value
      }
    }
  }
}`);
export const RootDetailsDocument = new TypedDocument<RootDetailsQuery, RootDetailsQueryVariables>(`query RootDetails {
  root {
    id
    arn
    name
    policyTypes {
      typeRaw
      statusRaw
    }
    tags(first: 50) {
      nodes {
        key
        value
      }
    }
  }
}`);
export const FindInOrganizationDocument = new TypedDocument<FindInOrganizationQuery, FindInOrganizationQueryVariables>(`query FindInOrganization($text: String!) {
  organization {
    id
    accounts(first: 6, filter: {text: $text}) {
      nodes {
        id
        name
        email
        stateRaw
      }
    }
  }
}`);
export const ObjectHistoryDocument = new TypedDocument<ObjectHistoryQuery, ObjectHistoryQueryVariables>(`query ObjectHistory($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on History {
      history(first: 50) {
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
      }
    }
  }
}`);
