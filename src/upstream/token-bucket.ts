import type { Clock } from './clock.ts';
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
  readonly clock: Clock;
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
/**
 * Our bucket starts to fill when a call leaves; AWS's, when it arrives. Calls that travel faster than the first one after a rest would
 * come too early, so filling starts with that call's answer, or after this many ms. A bucket of one token rests before every call.
 */
const longestTravelMs = 1_000;
/** Fractions of a token are sums of floating point numbers; this much is nothing. */
const epsilon = 1e-4;

/**
 * The calls of one account to one operation, within AWS's limit for them: never more than `burst + rate * t` in any t seconds.
 * Calls wait in the order in which they came, interactive before background, and a call that AWS throttled before both.
 * A throttle (others spend the same account's limit) slows the bucket down; it recovers by itself.
 */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  /** Calls to be repeated stand before new ones of the same priority. */
  readonly #queues = {
    interactive: { again: new Set<Waiting>(), first: new Set<Waiting>() },
    background: { again: new Set<Waiting>(), first: new Set<Waiting>() },
  };
  #tokens: number;
  #filledAt: number;
  /** The share of the rate that the last throttle left, and when that was. */
  #share = 1;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #throttlesInARow = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #firstAfterRest: Grant | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** Calls that wait now. */
  get waiting(): number {
    return this.#ahead('background');
  }

  /** Calls a second that the bucket grants at present. */
  get rate(): number {
    const recovered = (Math.max(0, this.#options.clock.now() - this.#slowedAt) / 1000) * recoveryPerSecond;
    return this.#options.rate * Math.min(1, this.#share + recovered);
  }

  /**
   * Waits for a token. `again`: the call was throttled and goes before new ones. Resolves with a `Refusal` as soon as it is clear that the
   * wait would pass the claim's deadline. Rejects with the signal's reason when it fires.
   */
  async acquire(claim: Claim, signal: AbortSignal, { again = false } = {}): Promise<Grant | Refusal> {
    signal.throwIfAborted();
    const since = this.#options.clock.now();
    this.#fill();
    const waitMs = this.#waitMs(this.#ahead(claim.priority, again));
    if (waitMs === 0) return this.#grant(since);
    if (since + waitMs > claim.deadline) return { waitMs };
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
    this.#fill();
    if (this.#firstAfterRest === grant) {
      this.#firstAfterRest = undefined;
      this.#filledAt = Math.min(this.#filledAt, clock.now());
    }
    if (!throttled) {
      if (grant.grantedAt > this.#slowedAt) this.#throttlesInARow = 0;
    } else if (grant.grantedAt > this.#slowedAt) {
      // Calls that were under way together are throttled together: that is one piece of news.
      this.#share = Math.max(slowest, (this.rate / this.#options.rate || 1) * slowdown);
      this.#slowedAt = clock.now();
      this.#tokens = Math.min(this.#tokens, 0);
      this.#throttlesInARow += 1;
      const longest = Math.min(longestPauseMs, basePauseMs * 2 ** (this.#throttlesInARow - 1));
      this.#pausedUntil = clock.now() + random() * longest;
    }
    this.#schedule();
  }

  #fill(): void {
    const now = this.#options.clock.now();
    if (this.#options.rate === Number.POSITIVE_INFINITY) {
      this.#tokens = this.#options.burst;
      this.#filledAt = now;
    } else if (now > this.#filledAt) {
      const added = ((now - this.#filledAt) / 1000) * this.rate;
      this.#tokens = Math.min(this.#options.burst, this.#tokens + added);
      this.#filledAt = now;
    }
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
  #waitMs(ahead: number): number {
    const now = this.#options.clock.now();
    const pause = Math.max(0, this.#pausedUntil - now);
    const missing = ahead + 1 - this.#tokens;
    if (this.#options.rate === Number.POSITIVE_INFINITY || missing <= epsilon) return pause;
    return Math.max(pause, Math.max(0, this.#filledAt - now) + (missing / this.rate) * 1000);
  }

  #grant(since: number): Grant {
    const grantedAt = this.#options.clock.now();
    const grant = { grantedAt, waitedMs: Math.round(grantedAt - since) };
    if (this.#tokens >= this.#options.burst - epsilon && this.#options.rate !== Number.POSITIVE_INFINITY) {
      this.#firstAfterRest = grant;
      this.#filledAt = grantedAt + longestTravelMs;
    }
    this.#tokens -= 1;
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
    this.#fill();
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      const waitMs = this.#waitMs(0);
      if (waitMs > 0) {
        this.#cancelTimer = this.#options.clock.after(Math.ceil(waitMs - epsilon), () => this.#schedule());
        return;
      }
      this.#remove(next);
      next.granted(this.#grant(next.since));
    }
  }
}
