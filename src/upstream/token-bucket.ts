import type { MonotonicClock } from './clock.ts';
import type { Rate } from './limits.ts';

export type Priority = 'interactive' | 'background';

/** One call that wants to be made. The bucket reads these anew whenever it matters: others may join the call while it waits. */
export interface Claim {
  readonly priority: Priority;
  /** The moment, in the clock's ms, until which the call may wait. */
  readonly deadline: number;
}

/** A call that may be made now. Tell the bucket how it went with `settle`. */
export interface Grant {
  readonly grantedAt: number;
  /** In whole ms. */
  readonly waitedMs: number;
}

/** Why a claim was turned away. */
export type Refusal = { readonly waitMs: number };

export interface TokenBucketOptions extends Rate {
  readonly clock: MonotonicClock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

interface Waiting {
  readonly claim: Claim;
  readonly since: number;
  readonly granted: (grant: Grant) => void;
}

/** After a throttle the rate is multiplied by this, but never below `slowest` times the documented one … */
const slowdown = 0.7;
const slowest = 0.1;
/** … and grows back by this share of the documented rate a second. */
const recoveryPerSecond = 0.05;
/** The pause after a throttle: a random part of `basePauseMs`, doubled with every throttle in a row, up to `longestPauseMs`. */
const basePauseMs = 500;
const longestPauseMs = 5_000;
/** A call that has not been answered after this many ms has certainly arrived. */
const longestTravelMs = 1_000;
/** Fractions of a token are sums of floating point numbers; this much is nothing. */
const epsilon = 1e-4;

/**
 * The calls of one account to one operation, within AWS's limit for them: never more than `burst + rate * t` in any t seconds.
 * Calls wait in the order in which they came, interactive before background, and a call that AWS throttled before both.
 * A throttle (others spend the same account's limit) slows the bucket down; it recovers by itself.
 *
 * AWS takes a token when a call arrives, which may be any time between its departure and its answer, and a full bucket of AWS's takes
 * nothing in. So ours takes the token out with the answer, and meanwhile lends it to the call: it is never fuller than AWS's,
 * however unevenly calls travel.
 */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  /** Calls to be repeated stand before new ones of the same priority. */
  readonly #queues = {
    interactive: { again: new Set<Waiting>(), first: new Set<Waiting>() },
    background: { again: new Set<Waiting>(), first: new Set<Waiting>() },
  };
  /** Tokens, those of unanswered calls included: AWS may not have taken these yet. */
  #tokens: number;
  #filledAt: number;
  readonly #unanswered = new Set<Grant>();
  /** The share of the rate that the last throttle left, and when that was. */
  #share = 1;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #throttlesInARow = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.monotonicMs();
  }

  /** Calls that wait now. */
  get waiting(): number {
    return this.#ahead('background');
  }

  /** Calls a second that the bucket grants at present. */
  get rate(): number {
    return this.#rateAt(this.#options.clock.monotonicMs());
  }

  /**
   * Waits for a token. `again`: the call was throttled and goes before new ones. Resolves with a `Refusal` as soon as it is clear that the
   * wait would pass the claim's deadline. Rejects with the signal's reason when it fires.
   */
  async acquire(claim: Claim, signal: AbortSignal, { again = false } = {}): Promise<Grant | Refusal> {
    signal.throwIfAborted();
    const since = this.#options.clock.monotonicMs();
    const known = this.decide(claim, again);
    if (known !== undefined) return known;
    return await new Promise((resolve, reject) => {
      const waiting: Waiting = {
        claim,
        since,
        granted: (grant) => {
          signal.removeEventListener('abort', leave);
          resolve(grant);
        },
      };
      const leave = (): void => {
        this.#remove(waiting);
        this.#schedule();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queues[claim.priority][again ? 'again' : 'first'].add(waiting);
      this.#schedule();
    });
  }

  /** What `acquire` would resolve with, when that is clear at once; undefined when the call has to wait. */
  decide(claim: Claim, again = false): Grant | Refusal | undefined {
    const now = this.#options.clock.monotonicMs();
    this.#fill(now);
    const waitMs = this.#waitMs(now, this.#ahead(claim.priority, again));
    if (waitMs === 0) return this.#grant(now, now);
    return now + waitMs > claim.deadline ? { waitMs } : undefined;
  }

  /** Moves a waiting background call among the interactive ones, behind those that wait already. */
  promote(claim: Claim): void {
    for (const kind of ['again', 'first'] as const) {
      for (const waiting of this.#queues.background[kind]) {
        if (waiting.claim !== claim) continue;
        this.#queues.background[kind].delete(waiting);
        this.#queues.interactive[kind].add(waiting);
        return;
      }
    }
  }

  /** How a granted call went: did AWS throttle it? */
  settle(grant: Grant, throttled: boolean): void {
    const { clock, random } = this.#options;
    const now = clock.monotonicMs();
    this.#fill(now);
    this.#arrived(grant);
    if (!throttled) {
      if (grant.grantedAt > this.#slowedAt) this.#throttlesInARow = 0;
    } else if (grant.grantedAt > this.#slowedAt) {
      // Calls that were under way together are throttled together: that is one piece of news.
      this.#share = Math.max(slowest, (this.#rateAt(now) / this.#options.rate || 1) * slowdown);
      this.#slowedAt = now;
      this.#tokens = Math.min(this.#tokens, this.#unanswered.size);
      this.#throttlesInARow += 1;
      const longest = Math.min(longestPauseMs, basePauseMs * 2 ** (this.#throttlesInARow - 1));
      this.#pausedUntil = now + random() * longest;
    }
    this.#schedule();
  }

  #rateAt(moment: number): number {
    const recovered = (Math.max(0, moment - this.#slowedAt) / 1000) * recoveryPerSecond;
    return this.#options.rate * Math.min(1, this.#share + recovered);
  }

  #fill(now: number): void {
    for (const grant of this.#unanswered) {
      const arrived = grant.grantedAt + longestTravelMs;
      if (arrived > now) break;
      this.#fillUntil(arrived);
      this.#arrived(grant);
    }
    this.#fillUntil(now);
  }

  #fillUntil(moment: number): void {
    const { rate, burst } = this.#options;
    const added = rate === Number.POSITIVE_INFINITY ? rate : ((moment - this.#filledAt) / 1000) * this.#rateAt(moment);
    if (moment > this.#filledAt || added === rate) this.#tokens = Math.min(burst, this.#tokens + added);
    this.#filledAt = Math.max(this.#filledAt, moment);
  }

  #arrived(grant: Grant): void {
    if (this.#unanswered.delete(grant)) this.#tokens -= 1;
  }

  #ahead(priority: Priority, again = false): number {
    const { interactive, background } = this.#queues;
    let ahead = interactive.again.size;
    if (priority === 'interactive' && again) return ahead;
    ahead += interactive.first.size;
    if (priority === 'interactive') return ahead;
    ahead += background.again.size;
    return again ? ahead : ahead + background.first.size;
  }

  /** Time until a call with `ahead` others before it gets its token, in ms; 0 is now. */
  #waitMs(now: number, ahead: number): number {
    const pause = Math.max(0, this.#pausedUntil - now);
    const missing = ahead + 1 - (this.#tokens - this.#unanswered.size);
    return missing <= epsilon ? pause : Math.max(pause, (missing / this.#rateAt(now)) * 1000);
  }

  #grant(grantedAt: number, since: number): Grant {
    const grant = { grantedAt, waitedMs: Math.round(grantedAt - since) };
    this.#unanswered.add(grant);
    return grant;
  }

  #first(): Waiting | undefined {
    for (const { again, first } of [this.#queues.interactive, this.#queues.background]) {
      for (const queue of [again, first]) for (const waiting of queue) return waiting;
    }
    return undefined;
  }

  #remove(waiting: Waiting): void {
    for (const { again, first } of [this.#queues.interactive, this.#queues.background]) {
      if (again.delete(waiting) || first.delete(waiting)) return;
    }
  }

  /** Grants what can be granted, and sets the one timer for the next. */
  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.waiting === 0) return;
    const now = this.#options.clock.monotonicMs();
    this.#fill(now);
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      const waitMs = this.#waitMs(now, 0);
      if (waitMs > 0) {
        this.#cancelTimer = this.#options.clock.after(Math.ceil(waitMs - epsilon), () => this.#schedule());
        return;
      }
      this.#remove(next);
      next.granted(this.#grant(now, next.since));
    }
  }
}
