import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs, type OperationName } from '../upstream/index.ts';

/**
 * The share of an operation's rate limit that all pollers use, as a leaky bucket (GCRA): polls may come in bursts, but
 * stay within the share on average.
 */
export class PollBudget {
  readonly #msPerCall: number;
  /** When the budget of all calls so far is available again. */
  #paidAt = Number.NEGATIVE_INFINITY as MonotonicMs;

  /** `ratePerSecond`: the operation's rate limit; Infinity for none. `share`: 0 to 1. */
  constructor(ratePerSecond: number, share: number) {
    this.#msPerCall = 1000 / (ratePerSecond * share);
  }

  /** Spends the budget for all calls of a read, with empty pages and retries. */
  spend(calls: number, now: MonotonicMs): void {
    this.#paidAt = later(latest(this.#paidAt, now), calls * this.#msPerCall);
  }

  get regular(): MonotonicMs {
    return this.#paidAt;
  }

  /** The earliest time for an urgent poll: after a new subscriber, a write or an expiry. */
  get urgent(): MonotonicMs {
    return later(this.#paidAt, -burstMs);
  }
}

/** One budget for all pollers that share a rate limit of AWS. */
export class PollBudgets {
  readonly #ratePerSecond: (operation: OperationName) => number;
  readonly #share: number;
  readonly #budgets = new Map<string, PollBudget>();

  constructor(ratePerSecond: (operation: OperationName) => number, share: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#share = share;
  }

  /** AWS counts calls per account. A principal without a configured account has its own budget. */
  of({ configuredAccountId, name }: Principal, operation: OperationName): PollBudget {
    const key = `${configuredAccountId ?? `principal ${name}`} ${operation}`;
    const budget = this.#budgets.get(key) ?? new PollBudget(this.#ratePerSecond(operation), this.#share);
    this.#budgets.set(key, budget);
    return budget;
  }
}

/** How far urgent polls may exceed the share, in ms of budget. */
const burstMs = 20_000;

/**
 * A poller is overdue when it is later than this, in ms: twice the maximum interval, and long enough for a call with
 * all its retries.
 */
export const overdueAfterMs = ({ maxIntervalMs }: { readonly maxIntervalMs: number }): number =>
  Math.max(2 * maxIntervalMs, 60_000);

/** A poll follows an ExpirationTimestamp after this time, in ms, so that AWS can show EXPIRED. */
const expiryDelayMs = 200;

export interface PollFacts {
  readonly now: MonotonicMs;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** Whether an object is pending, so that a change may come at any moment. */
  readonly hasPendingChanges: boolean;
  /** The number of reads in a row without a change or a pending object. */
  readonly quietReads: number;
  readonly failures: number;
  /**
   * The time until the next expiry of a pending object, in ms, by the wall clock. That may be wrong, so it can only
   * make a poll earlier.
   */
  readonly expiresInMs: number | undefined;
  /** From 0 to below 1; spreads the polls of many replicas. */
  readonly random: number;
}

/** Returns the time of the next poll, never before `budget` allows it. */
export const nextPollAt = (facts: PollFacts, budget: PollBudget): MonotonicMs => {
  const { now, minIntervalMs, hasPendingChanges, quietReads, failures, expiresInMs, random } = facts;
  const longest = Math.max(facts.maxIntervalMs, minIntervalMs);
  const within = (ms: number) => Math.min(Math.max(ms, minIntervalMs), longest);
  const doubled = (times: number) => within(minIntervalMs * 2 ** Math.min(times, 30));
  if (failures > 0) return latest(later(now, within(doubled(failures) * (1 - random / 4))), budget.regular);
  const interval = hasPendingChanges
    ? within(minIntervalMs * (1 + random / 4))
    : within(doubled(quietReads) * (1 - random / 4));
  const regular = latest(later(now, interval), budget.regular);
  if (expiresInMs === undefined) return regular;
  const atExpiry = latest(later(now, expiresInMs + expiryDelayMs), budget.urgent, now);
  return Math.min(atExpiry, regular) as MonotonicMs;
};

export const latest = (...times: MonotonicMs[]): MonotonicMs => Math.max(...times) as MonotonicMs;
