import { parseJsonObject } from '../control-policies/json.ts';
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
import { pathFromRoot } from './world/tree.ts';

export interface Evaluation {
  /** The policy in force: the merged policies, or the last merge without errors. */
  readonly policy: EffectivePolicy | undefined;
  readonly errors: readonly EffectivePolicyValidationError[];
  readonly evaluatedAt: number;
}

interface Merged {
  readonly content: string;
  readonly document: MergedPolicy['document'];
  readonly errors: readonly EffectivePolicyValidationError[];
}

/** Caches merges per organization, by the ids and revisions of the merged policies. */
const mergeCache = new WeakMap<Organization, Map<string, Merged>>();
const MAX_CACHED_MERGES = 5_000;

/** @returns undefined if no policy of the type applies to the account */
export function evaluateEffectivePolicy(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
): Evaluation | undefined {
  const levels = attachmentsOn(organization, account, type);
  const merged = mergePolicies(organization, account, type, levels);
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

/** The merged policies as JSON, for the simulator's own checks. */
export function effectiveDocument(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
): MergedPolicy['document'] | undefined {
  return mergePolicies(organization, account, type, attachmentsOn(organization, account, type))?.document;
}

/**
 * Saves the effective policies that are valid now. Call it before policies change, for the accounts below the change:
 * AWS keeps the last valid policy in force while the account's policies have errors
 * (https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html).
 */
export function saveValidPolicies(
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
      const evaluation = evaluateEffectivePolicy(organization, account, type);
      if (evaluation?.policy) organization.lastValidPolicies.set(type, account.id, evaluation.policy);
      else organization.lastValidPolicies.delete(type, account.id);
    }
  }
}

/**
 * Deletes the saved policies of accounts that no policy of the type applies to any longer. Call it after policies are
 * detached or accounts are moved.
 */
export function deleteUnreachedPolicies(
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
  const parents = pathFromRoot(organization, account.membership?.parentId ?? organization.root.id);
  return [...parents, account.id].map((id) =>
    organization
      .attachmentsTo(id)
      .values()
      .filter(({ policy }) => policy.type === type),
  );
}

function mergePolicies(
  organization: Organization,
  account: Account,
  type: EffectivePolicyType,
  levels: readonly (readonly Attachment[])[],
): Merged | undefined {
  if (levels.every((level) => level.length === 0)) return undefined;
  // Backup policies can contain `$account`, so their merge depends on the account.
  const accountId = type === 'BACKUP_POLICY' ? account.id : undefined;
  const key = JSON.stringify([
    type,
    accountId,
    levels.map((level) => level.map(({ policy }) => [policy.id, policy.revision])),
  ]);
  const cache = mergeCache.get(organization) ?? new Map<string, Merged>();
  mergeCache.set(organization, cache);
  const cached = cache.get(key);
  if (cached) return cached;
  const merged = mergeEffectivePolicy(type, levels.map(parseDocuments), accountId === undefined ? {} : { accountId });
  if (!merged) return undefined;
  const result = {
    content: JSON.stringify(merged.document),
    document: merged.document,
    errors: validateEffectivePolicy(type, merged),
  };
  if (cache.size >= MAX_CACHED_MERGES) cache.clear();
  cache.set(key, result);
  return result;
}

function parseDocuments(level: readonly Attachment[]): readonly PolicyDocument[] {
  return level.flatMap(({ policy }) => {
    const parsed = parseJsonObject(policy.content);
    return parsed.ok ? [{ policyId: policy.id, document: parsed.value }] : [];
  });
}
