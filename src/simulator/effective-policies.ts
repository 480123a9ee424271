import { parseJsonObject } from '../control-policies/index.ts';
import type { EffectivePolicyType } from './model/enums.ts';
import {
  type EffectivePolicyValidationError,
  isEffectivePolicyType,
  type MergedPolicy,
  mergeEffectivePolicy,
  type PolicyDocument,
  validateEffectivePolicy,
} from './policy-documents/index.ts';
import type { Account, Attachment } from './world/entities.ts';
import type { EffectivePolicy } from './world/last-valid-policies.ts';
import type { Organization } from './world/organization.ts';
import { lineage } from './world/tree.ts';

export interface Evaluation {
  /** What is in force: the merged policies, or what was last merged without errors. */
  readonly policy: EffectivePolicy | undefined;
  readonly errors: readonly EffectivePolicyValidationError[];
  readonly evaluatedAt: number;
}

interface Merged {
  readonly content: string;
  readonly document: MergedPolicy['document'];
  readonly errors: readonly EffectivePolicyValidationError[];
}

/** Merging the same texts again gives the same: kept per organization, by the policies and their revisions. */
const merges = new WeakMap<Organization, Map<string, Merged>>();
const MAX_KEPT = 5_000;

/** @returns undefined when no policy of the type reaches the account */
export function evaluate(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
): Evaluation | undefined {
  const levels = attachmentsOn(organization, account, type);
  const merged = merge(organization, account, type, levels);
  if (!merged) return undefined;
  const evaluatedAt = levels
    .flat()
    .reduce(
      (latest, { attachedAt, policy }) => Math.max(latest, attachedAt, policy.updatedAt),
      account.membership?.movedAt ?? 0,
    );
  const { content, errors } = merged;
  const policy =
    errors.length === 0 ? { content, updatedAt: evaluatedAt } : organization.lastValidPolicies.get(type, account.id);
  return { policy, errors, evaluatedAt };
}

/** The merged policies as a document, for the service's own use. */
export function effectiveDocument(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
): MergedPolicy['document'] | undefined {
  return merge(organization, account, type, attachmentsOn(organization, account, type))?.document;
}

/**
 * An account whose policies come to have errors keeps its last effective policy without
 * (https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html). So this is to be called
 * before policies change, for the accounts that the change reaches.
 */
export function rememberEffectivePolicies(
  organization: Organization,
  accounts: Iterable<Account>,
  types: readonly EffectivePolicyType[] = enabledTypes(organization),
): void {
  const attached = types.filter((type) =>
    organization.policies
      .values()
      .some((policy) => policy.type === type && organization.attachmentsOf(policy.id).size > 0),
  );
  if (attached.length === 0) return;
  for (const account of accounts) {
    for (const type of attached) {
      const evaluation = evaluate(organization, account, type);
      if (evaluation?.policy) organization.lastValidPolicies.set(type, account.id, evaluation.policy);
      else organization.lastValidPolicies.delete(type, account.id);
    }
  }
}

/** To be called after policies were detached or accounts moved: an account that no policy reaches has nothing to keep. */
export function forgetUnreachedPolicies(
  organization: Organization,
  accounts: Iterable<Account>,
  types: readonly EffectivePolicyType[] = enabledTypes(organization),
): void {
  for (const account of accounts) {
    for (const type of types) {
      const reached = attachmentsOn(organization, account, type).some((level) => level.length > 0);
      if (!reached) organization.lastValidPolicies.delete(type, account.id);
    }
  }
}

/** The accounts at or below a root, OU or account. */
export function* accountsBelow(organization: Organization, targetId: string): Generator<Account> {
  const account = organization.members.get(targetId);
  if (account) yield account;
  const { accounts, units } = organization.childrenOf(targetId);
  yield* accounts.values();
  for (const { id } of units.values()) yield* accountsBelow(organization, id);
}

function enabledTypes(organization: Organization): readonly EffectivePolicyType[] {
  return [...organization.root.policyTypes.keys()].filter(isEffectivePolicyType);
}

function attachmentsOn(organization: Organization, account: Account, type: EffectivePolicyType): Attachment[][] {
  const parents = lineage(organization, account.membership?.parentId ?? organization.root.id);
  return [...parents, account.id].map((id) =>
    organization
      .attachmentsTo(id)
      .values()
      .filter(({ policy }) => policy.type === type),
  );
}

function merge(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
  levels: readonly (readonly Attachment[])[],
): Merged | undefined {
  if (levels.every((level) => level.length === 0)) return undefined;
  // Backup policies can name the account that they apply to.
  const accountId = type === 'BACKUP_POLICY' ? account.id : undefined;
  const key = JSON.stringify([
    type,
    accountId,
    levels.map((level) => level.map(({ policy }) => [policy.id, policy.revision])),
  ]);
  const kept = merges.get(organization) ?? new Map<string, Merged>();
  merges.set(organization, kept);
  const known = kept.get(key);
  if (known) return known;
  const merged = mergeEffectivePolicy(type, levels.map(documents), accountId === undefined ? {} : { accountId });
  if (!merged) return undefined;
  const result = {
    content: JSON.stringify(merged.document),
    document: merged.document,
    errors: validateEffectivePolicy(type, merged),
  };
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, result);
  return result;
}

function documents(level: readonly Attachment[]): readonly PolicyDocument[] {
  return level.flatMap(({ policy }) => {
    const parsed = parseJsonObject(policy.content);
    return parsed.ok ? [{ policyId: policy.id, document: parsed.value }] : [];
  });
}
