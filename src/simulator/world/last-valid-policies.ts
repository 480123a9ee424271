import type { EffectivePolicyType, PolicyType } from '../model/enums.ts';

export interface EffectivePolicy {
  /** JSON text. */
  readonly content: string;
  readonly updatedAt: number;
}

export interface LastValidPolicy {
  readonly type: EffectivePolicyType;
  readonly accountId: string;
  readonly policy: EffectivePolicy;
}

/**
 * The last valid effective policy of each account and type, which stays in force while the account's policies have
 * errors (https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html). Entries are deleted
 * when no policy of the type applies any longer, so that an old one does not return with the next invalid policy.
 */
export class LastValidPolicies {
  readonly #byAccount = new Map<string, Map<EffectivePolicyType, EffectivePolicy>>();

  get(type: EffectivePolicyType, accountId: string): EffectivePolicy | undefined {
    return this.#byAccount.get(accountId)?.get(type);
  }

  set(type: EffectivePolicyType, accountId: string, policy: EffectivePolicy): void {
    const policies = this.#byAccount.get(accountId) ?? new Map<EffectivePolicyType, EffectivePolicy>();
    this.#byAccount.set(accountId, policies.set(type, policy));
  }

  delete(type: EffectivePolicyType, accountId: string): void {
    const policies = this.#byAccount.get(accountId);
    if (policies?.delete(type) && policies.size === 0) this.#byAccount.delete(accountId);
  }

  deleteAccount(accountId: string): void {
    this.#byAccount.delete(accountId);
  }

  /** Types without effective policies, such as SCPs, have no entries. */
  deleteType(type: PolicyType): void {
    for (const { type: kept, accountId } of this.values()) if (kept === type) this.delete(kept, accountId);
  }

  values(): readonly LastValidPolicy[] {
    return [...this.#byAccount].flatMap(([accountId, policies]) =>
      [...policies].map(([type, policy]) => ({ type, accountId, policy })),
    );
  }
}
