// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from '../../data/typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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
