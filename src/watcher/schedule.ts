/** A poller's share of an operation's rate, as a leaky bucket (GCRA): polls may come in bursts, yet on average keep within the share. */
export class PollBudget {
  readonly #msPerCall: number;
  /** When everything read so far is paid for, in ms since the epoch. */
  #paidAt = 0;

  /** `ratePerSecond`: what the operation's budget grants, Infinity for no limit. `share`: 0 to 1. */
  constructor(ratePerSecond: number, share: number) {
    this.#msPerCall = 1000 / (ratePerSecond * share);
  }

  /** Books the calls that a read took: its pages, empty ones too, and what was tried again. */
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
