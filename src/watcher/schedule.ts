import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs, type OperationName } from '../upstream/index.ts';

/** The share of an operation's rate that pollers have together, as a leaky bucket (GCRA): polls may come in bursts, yet on average keep within the share. */
export class PollBudget {
  readonly #msPerCall: number;
  /** When everything read so far is paid for. */
  #paidAt = Number.NEGATIVE_INFINITY as MonotonicMs;

  /** `ratePerSecond`: what the operation's budget grants, Infinity for no limit. `share`: 0 to 1. */
  constructor(ratePerSecond: number, share: number) {
    this.#msPerCall = 1000 / (ratePerSecond * share);
  }

  /** Books the calls of a read: its pages, empty ones too, and what is tried again. */
  spend(calls: number, now: MonotonicMs): void {
    this.#paidAt = later(latest(this.#paidAt, now), calls * this.#msPerCall);
  }

  get regular(): MonotonicMs {
    return this.#paidAt;
  }

  /** The earliest time for a poll with a reason of its own: a new subscriber, a write, an expiry. */
  get urgent(): MonotonicMs {
    return later(this.#paidAt, -burstMs);
  }
}

/** One budget for all pollers that draw from the same rate of AWS's. */
export class PollBudgets {
  readonly #ratePerSecond: (operation: OperationName) => number;
  readonly #share: number;
  readonly #budgets = new Map<string, PollBudget>();

  constructor(ratePerSecond: (operation: OperationName) => number, share: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#share = share;
  }

  /** AWS counts by account; a principal whose account is not in its settings is taken to be alone in its own. */
  of({ configuredAccountId, name }: Principal, operation: OperationName): PollBudget {
    const key = `${configuredAccountId ?? `principal ${name}`} ${operation}`;
    const budget = this.#budgets.get(key) ?? new PollBudget(this.#ratePerSecond(operation), this.#share);
    this.#budgets.set(key, budget);
    return budget;
  }
}

/** How far ahead of its share a poller may read when it has a reason. */
const burstMs = 20_000;

/** A poller is overdue when it is later than this, in ms: twice the longest interval, and long enough for a call with all its retries. */
export const overdueAfterMs = ({ maxIntervalMs }: { readonly maxIntervalMs: number }): number =>
  Math.max(2 * maxIntervalMs, 60_000);

/** AWS is given this long after an ExpirationTimestamp to say EXPIRED. */
const expiryDelayMs = 200;

export interface PollFacts {
  readonly now: MonotonicMs;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** Something is pending: its answer may come at any moment. */
  readonly hasPendingChanges: boolean;
  /** Reads in a row that found nothing changed and nothing pending. */
  readonly quietReads: number;
  readonly failures: number;
  /**
   * How long it is until AWS itself will end something, in ms, by the wall clock. That may be wrong: so it can only bring a poll forward, never put one off.
   */
  readonly expiresInMs: number | undefined;
  /** 0 to 1, below 1; spreads the pollers of many replicas. */
  readonly random: number;
}

/** When the next poll is due, never before `budget` allows. */
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
