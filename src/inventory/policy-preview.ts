import type { aws } from '../upstream/index.ts';
import type { ChangedOrganization } from './policy-changes.ts';
import type { AccountReach } from './types.ts';

/** A policy where it is attached directly. */
export interface PolicyAtLevel {
  readonly policyId: string;
  readonly targetId: string;
  /** Undefined if the policy is not known. */
  readonly policy: aws.PolicySummary | undefined;
}

interface LevelDifference {
  readonly gained: readonly PolicyAtLevel[];
  readonly lost: readonly PolicyAtLevel[];
}

const NO_DIFFERENCE: LevelDifference = { gained: [], lost: [] };

/**
 * Compares the policies that reach accounts before and after changes. The lists are made for each account when they
 * are needed; accounts share what they have of the same level.
 */
export class PolicyPreview {
  readonly organization: ChangedOrganization;
  /** By target with changed policies, for accounts that have it as a level before and after. */
  readonly #differences = new Map<string, LevelDifference>();

  constructor(organization: ChangedOrganization) {
    this.organization = organization;
  }

  /**
   * The accounts that gain or lose a policy at a level, or that a policy with a new content reaches.
   */
  get affected(): AccountReach {
    const { organization } = this;
    const levels = new Set(organization.targets);
    for (const policyId of organization.contents.keys())
      for (const target of organization.targetsOf(policyId)) levels.add(target);
    const accounts = new Map<string, boolean>();
    for (const id of organization.moved.keys()) accounts.set(id, this.#isMovedAffected(id));
    return { levels, accounts };
  }

  /** Policies at levels that reach the account after the changes only. */
  gained(accountId: string): readonly PolicyAtLevel[] {
    return this.#levels(accountId, 'after').flatMap(({ targetId, isShared }) =>
      isShared ? this.#differenceOf(targetId).gained : this.#at(targetId, this.organization.policiesOf(targetId)),
    );
  }

  /** Policies at levels that reach the account before the changes only. */
  lost(accountId: string): readonly PolicyAtLevel[] {
    return this.#levels(accountId, 'before').flatMap(({ targetId, isShared }) =>
      isShared ? this.#differenceOf(targetId).lost : this.#at(targetId, this.organization.before.policiesOf(targetId)),
    );
  }

  /** Policies at levels that reach the account before and after the changes. */
  kept(accountId: string): readonly PolicyAtLevel[] {
    return this.#levels(accountId, 'after').flatMap(({ targetId, isShared }) =>
      isShared ? this.#keptAt(targetId) : [],
    );
  }

  /** The levels of an account before or after the changes, with whether it has them both before and after. */
  #levels(
    accountId: string,
    when: 'before' | 'after',
  ): readonly { readonly targetId: string; readonly isShared: boolean }[] {
    const { organization } = this;
    const before = organization.before.levelsOf(accountId) ?? [];
    const after = organization.moved.get(accountId);
    if (after === undefined) return before.map((targetId) => ({ targetId, isShared: true }));
    const [levels, others] = when === 'before' ? [before, after] : [after, before];
    return levels.map((targetId) => ({ targetId, isShared: others.includes(targetId) }));
  }

  #differenceOf(targetId: string): LevelDifference {
    const { added, removed } = this.organization.targetChange(targetId);
    if (added.size + removed.size === 0) return NO_DIFFERENCE;
    let difference = this.#differences.get(targetId);
    if (difference === undefined) {
      difference = { gained: this.#at(targetId, added), lost: this.#at(targetId, removed) };
      this.#differences.set(targetId, difference);
    }
    return difference;
  }

  #keptAt(targetId: string): readonly PolicyAtLevel[] {
    const { removed } = this.organization.targetChange(targetId);
    return this.#at(
      targetId,
      this.organization.before.policiesOf(targetId).filter((id) => !removed.has(id)),
    );
  }

  #isMovedAffected(accountId: string): boolean {
    if (this.gained(accountId).length > 0 || this.lost(accountId).length > 0) return true;
    const { contents } = this.organization;
    return contents.size > 0 && this.kept(accountId).some(({ policyId }) => contents.has(policyId));
  }

  #at(targetId: string, policyIds: Iterable<string>): readonly PolicyAtLevel[] {
    const { before } = this.organization;
    return Array.from(policyIds, (policyId) => ({ policyId, targetId, policy: before.policy(policyId) }));
  }
}
