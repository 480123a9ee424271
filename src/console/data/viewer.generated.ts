// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from './typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The features of an organization. */
export type OrganizationFeatureSet =
  /** Everything: policies, delegated administrators, transfers. */
  | 'ALL'
  /** One bill for all accounts, and no other feature. */
  | 'CONSOLIDATED_BILLING'
  /** A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. Not accepted as input. */
  | 'UNKNOWN';

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;

export type ViewerQuery = { viewer: { caller: string, scopes: Array<string>, principal: { name: string, accountId: string | null }, principals: Array<{ name: string, accountId: string | null }> } };

export type OrganizationNameQueryVariables = Exact<{ [key: string]: never; }>;

export type OrganizationNameQuery = { organization: { id: string, featureSet: OrganizationFeatureSet | null, masterAccountId: string | null, managementAccount: { id: string, name: string | null } | null } | null };

export const ViewerDocument = new TypedDocument<ViewerQuery, ViewerQueryVariables>(`query Viewer {
  viewer {
    caller
    scopes
    principal {
      name
      accountId
    }
    principals {
      name
      accountId
    }
  }
}`);
export const OrganizationNameDocument = new TypedDocument<OrganizationNameQuery, OrganizationNameQueryVariables>(`query OrganizationName {
  organization {
    id
    featureSet
    masterAccountId
    managementAccount {
      id
      name
    }
  }
}`);
