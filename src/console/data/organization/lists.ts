import { defineCombinedList, defineList, type ListDefinition } from '../lists.ts';
import {
  AccountsDocument,
  type AccountsSubscription,
  AccountsWithTagsDocument,
  OrganizationalUnitsDocument,
  type OrganizationalUnitsSubscription,
  PoliciesDocument,
  type PoliciesSubscription,
  PolicyAttachmentsDocument,
} from './organization.generated.ts';

/** An account. Tags are known only with the copy of the organization: without it, each account's take a call. */
export type AccountRow = NonNullable<AccountsSubscription['accountChanges']['account']> & {
  readonly tags?: { readonly nodes: readonly { readonly key: string; readonly value: string }[] } | null;
};

export type UnitRow = NonNullable<OrganizationalUnitsSubscription['organizationalUnitChanges']['organizationalUnit']>;

export type PolicyRow = NonNullable<PoliciesSubscription['policyChanges']['policy']>;

/** A policy at a root, a unit or an account. */
export interface AttachmentRow {
  readonly policyId: string;
  readonly targetId: string;
}

/** Tags of an age at which the copy has them, in seconds. Changes arrive as events. */
const TAGS_MAX_AGE = 86_400;

export const accounts: ListDefinition<AccountRow> = defineList({ name: 'Accounts', document: AccountsDocument });

export const accountsWithTags: ListDefinition<AccountRow> = {
  name: 'Accounts',
  document: String(AccountsWithTagsDocument),
  maxAge: TAGS_MAX_AGE,
};

export const units = defineList({ name: 'Organizational units', document: OrganizationalUnitsDocument });

export const policies = defineList({ name: 'Policies', document: PoliciesDocument });

export const attachments: ListDefinition<AttachmentRow> = defineCombinedList({
  name: 'Policy attachments',
  document: PolicyAttachmentsDocument,
  toRow: ({ policy, target }) => policy && target && { policyId: policy.id, targetId: target.id },
  key: ({ policyId, targetId }) => `${policyId} ${targetId}`,
});
