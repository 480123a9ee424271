import type { Rate } from '../token-bucket.ts';
import type { MonotonicClock } from './clock.ts';
import { operations } from './operations.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { OperationName } from './types.ts';

export interface BudgetSettings {
  readonly budget: 'documented' | 'off';
  /** Overrides of AWS's documented limits, by operation. */
  readonly limits: Readonly<Record<string, Rate>>;
}

/** Without a budget, calls still pause when AWS throttles. */
const UNLIMITED: Rate = { rate: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

/** The rate limiters of all accounts, one per account and operation, as AWS has them. */
export class RateBudget {
  readonly #settings: BudgetSettings;
  readonly #byAccount = new Map<string, Map<OperationName, RateLimiter>>();
  readonly #clock: MonotonicClock;
  readonly #random: () => number;

  constructor(settings: BudgetSettings, clock: MonotonicClock, random: () => number) {
    this.#settings = settings;
    this.#clock = clock;
    this.#random = random;
  }

  limit(operation: OperationName): Rate {
    const { budget, limits } = this.#settings;
    return budget === 'off' ? UNLIMITED : (limits[operation] ?? operations[operation].limit);
  }

  /** False if no rate is kept to. */
  get isLimited(): boolean {
    return this.#settings.budget !== 'off';
  }

  /** The number of calls of an account that are granted without a wait. */
  left(account: string, operation: OperationName): number {
    const limiter = this.#byAccount.get(account)?.get(operation);
    return limiter === undefined ? this.limit(operation).burst : Math.max(0, limiter.left);
  }

  /** The number of calls that wait, by operation, where any do. */
  waiting(): ReadonlyMap<OperationName, number> {
    const waiting = new Map<OperationName, number>();
    for (const limiters of this.#byAccount.values()) {
      for (const [operation, limiter] of limiters) {
        if (limiter.waiting > 0) waiting.set(operation, (waiting.get(operation) ?? 0) + limiter.waiting);
      }
    }
    return waiting;
  }

  /** `account`: an account's id, or a name that stands for it while the id is unknown. */
  limiter(account: string, operation: OperationName): RateLimiter {
    let limiters = this.#byAccount.get(account);
    if (limiters === undefined) {
      limiters = new Map();
      this.#byAccount.set(account, limiters);
    }
    let limiter = limiters.get(operation);
    if (limiter === undefined) {
      limiter = new RateLimiter({ ...this.limit(operation), clock: this.#clock, random: this.#random });
      limiters.set(operation, limiter);
    }
    return limiter;
  }
}
