import { defineCombinedList, defineList, type ListDefinition } from '../lists.ts';
import {
  AccountsDocument,
  type AccountsSubscription,
  AccountTagsDocument,
  type AccountTagsSubscription,
  OrganizationalUnitsDocument,
  type OrganizationalUnitsSubscription,
  PoliciesDocument,
  type PoliciesSubscription,
  PolicyAttachmentsDocument,
} from './organization.generated.ts';

export type AccountRow = NonNullable<AccountsSubscription['accountChanges']['account']>;

export type AccountTagsRow = NonNullable<AccountTagsSubscription['accountChanges']['account']>;

export type UnitRow = NonNullable<OrganizationalUnitsSubscription['organizationalUnitChanges']['organizationalUnit']>;

export type PolicyRow = NonNullable<PoliciesSubscription['policyChanges']['policy']>;

/** A policy at a root, a unit or an account. */
export interface AttachmentRow {
  readonly policyId: string;
  readonly targetId: string;
}

/** Tags of an age at which the copy has them, in seconds. Changes arrive as events. */
const TAGS_MAX_AGE = 86_400;

export const accounts = defineList({ name: 'Accounts', document: AccountsDocument });

/**
 * The tags of accounts. They come later than the accounts: AWS has a call for each account, and the tree must not wait
 * for them.
 */
export const accountTags: ListDefinition<AccountTagsRow> = {
  ...defineList({ name: 'Tags of accounts', document: AccountTagsDocument }),
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
