import type { Principal } from '../principal/principal.ts';
import type { OperationName } from '../upstream/index.ts';

/** The share of an operation's rate that pollers have together, as a leaky bucket (GCRA): polls may come in bursts, yet on average keep within the share. */
export class PollBudget {
  readonly #msPerCall: number;
  /** When everything read so far is paid for, in ms since the epoch. */
  #paidAt = 0;

  /** `ratePerSecond`: what the operation's budget grants, Infinity for no limit. `share`: 0 to 1. */
  constructor(ratePerSecond: number, share: number) {
    this.#msPerCall = 1000 / (ratePerSecond * share);
  }

  /** Books the calls of a read: its pages, empty ones too, and what is tried again. */
  spend(calls: number, now: number): void {
    this.#paidAt = Math.max(this.#paidAt, now) + calls * this.#msPerCall;
  }

  /** The earliest time for the next regular poll. */
  get regular(): number {
    return this.#paidAt;
  }

  /** The earliest time for a poll with a reason of its own: a new subscriber, a write, an expiry. */
  get urgent(): number {
    return this.#paidAt - burstMs;
  }
}

/** One budget for all pollers that draw from the same rate of AWS's. */
export class PollBudgets {
  readonly #ratePerSecond: (operation: OperationName) => number;
  readonly #share: number;
  readonly #budgets = new Map<string, PollBudget>();

  /** `share`: 0 to 1. */
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

/** AWS is given this long after an ExpirationTimestamp to say EXPIRED. */
export const expiryDelayMs = 200;

export interface PollFacts {
  readonly now: number;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** Something is pending: its answer may come at any moment. */
  readonly restless: boolean;
  /** Reads in a row that found nothing changed and nothing pending. */
  readonly quietReads: number;
  /** Failures in a row. */
  readonly failures: number;
  /** The next time that AWS itself will end something, in ms since the epoch. */
  readonly nextExpiry: number | undefined;
  /** 0 to 1, below 1; spreads the pollers of many replicas. */
  readonly random: number;
}

/** When the next regular poll is due, in ms since the epoch, never before `budget` allows. */
export const nextPollAt = (facts: PollFacts, budget: PollBudget): number => {
  const { now, minIntervalMs, restless, quietReads, failures, nextExpiry, random } = facts;
  const longest = Math.max(facts.maxIntervalMs, minIntervalMs);
  const within = (ms: number) => Math.min(Math.max(ms, minIntervalMs), longest);
  const doubled = (times: number) => within(minIntervalMs * 2 ** Math.min(times, 30));
  if (failures > 0) return Math.max(now + within(doubled(failures) * (1 - random / 4)), budget.regular);
  const interval = restless ? within(minIntervalMs * (1 + random / 4)) : within(doubled(quietReads) * (1 - random / 4));
  const regular = Math.max(now + interval, budget.regular);
  if (nextExpiry === undefined) return regular;
  return Math.min(regular, Math.max(nextExpiry + expiryDelayMs, budget.urgent, now));
};
