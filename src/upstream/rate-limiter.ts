import { type Rate, TokenBucket } from '../token-bucket.ts';
import type { MonotonicClock } from './clock.ts';
import type { Priority } from './types.ts';

/** One call that waits for a token. Its members may change while it waits, when other reads join it. */
export interface TokenRequest {
  readonly priority: Priority;
  /** In the clock's ms. */
  readonly deadline: number;
}

/** The call may be made now. Pass it to `settle` afterwards. */
export interface Permit {
  readonly grantedAt: number;
  /** In whole ms. */
  readonly waitedMs: number;
}

/** The call would have to wait past its deadline. */
export interface Rejection {
  readonly waitMs: number;
}

export interface RateLimiterOptions extends Rate {
  readonly clock: MonotonicClock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

interface Waiting {
  readonly request: TokenRequest;
  readonly since: number;
  readonly grant: (permit: Permit) => void;
}

/** In the order in which they are served. `again`: repeats of throttled calls. */
const QUEUES = ['interactive again', 'interactive', 'background again', 'background'] as const;
type QueueName = (typeof QUEUES)[number];

const queueOf = (priority: Priority, again: boolean): QueueName => (again ? `${priority} again` : priority);

/** A throttle multiplies the rate by this, but never lowers it below `MIN_SHARE` of the documented rate. */
const SLOWDOWN = 0.7;
const MIN_SHARE = 0.1;
/** The rate recovers by this share of the documented rate a second. */
const RECOVERY_PER_SECOND = 0.05;
/** A throttle pauses calls for a random part of this, doubled with each throttle in a row, up to `MAX_PAUSE_MS`. */
const BASE_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5_000;
/** A call without a reply has arrived at AWS after this time, in ms. */
const MAX_TRAVEL_MS = 1_000;
/** For floating point errors in sums of fractions of a token. */
const EPSILON = 1e-4;

/**
 * The calls of one account to one operation, within AWS's limit: at most `burst + rate * t` in any t seconds. Calls
 * wait in order, interactive ones before background ones, and repeats of throttled calls before both. When AWS
 * throttles a call, others use the same limit, and the rate is lowered for a while.
 *
 * AWS takes a token when a call arrives, at any time between its request and its reply. So the bucket lends the token
 * to the call and takes it with the reply: it is never fuller than AWS's. Packages for rate limits (bottleneck,
 * limiter, p-queue) have neither this nor promotion in the queue.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** Holds the tokens of calls in flight, too, as AWS may not have taken them yet. */
  readonly #bucket: TokenBucket;
  readonly #queues: Readonly<Record<QueueName, Set<Waiting>>> = {
    'interactive again': new Set(),
    interactive: new Set(),
    'background again': new Set(),
    background: new Set(),
  };
  readonly #inFlight = new Set<Permit>();
  /** The share of the rate that the last throttle left. */
  #share = 1;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #throttlesInARow = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(options, options.clock.monotonicMs());
  }

  /** The number of calls that wait. */
  get waiting(): number {
    return this.#ahead('background');
  }

  /** In calls a second; lower than the limit's after a throttle. */
  get rate(): number {
    return this.#rateAt(this.#options.clock.monotonicMs());
  }

  /** The number of calls that are granted without a wait. */
  get left(): number {
    const now = this.#options.clock.monotonicMs();
    this.#fill(now);
    return this.#bucket.fill(now, this.#rateAt(now)) - this.#inFlight.size - this.waiting;
  }

  /**
   * Waits for a token. `again`: AWS throttled the call before. Resolves with a `Rejection` when the wait would pass the
   * deadline, and rejects with the signal's reason when it fires.
   */
  async acquire(request: TokenRequest, signal: AbortSignal, { again = false } = {}): Promise<Permit | Rejection> {
    signal.throwIfAborted();
    const since = this.#options.clock.monotonicMs();
    const decision = this.decide(request, again);
    if (decision !== undefined) return decision;
    return await new Promise((resolve, reject) => {
      const waiting: Waiting = {
        request,
        since,
        grant: (permit) => {
          signal.removeEventListener('abort', leave);
          resolve(permit);
        },
      };
      const leave = (): void => {
        this.#remove(waiting);
        this.#schedule();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queues[queueOf(request.priority, again)].add(waiting);
      this.#schedule();
    });
  }

  /** What `acquire` would resolve with; undefined when the call has to wait. */
  decide(request: TokenRequest, again = false): Permit | Rejection | undefined {
    const now = this.#options.clock.monotonicMs();
    this.#fill(now);
    const waitMs = this.#waitMs(now, this.#ahead(queueOf(request.priority, again)));
    if (waitMs === 0) return this.#grant(now, now);
    return now + waitMs > request.deadline ? { waitMs } : undefined;
  }

  /** Moves a background call that waits behind the interactive ones. */
  promote(request: TokenRequest): void {
    for (const again of [true, false]) {
      for (const waiting of this.#queues[queueOf('background', again)]) {
        if (waiting.request !== request) continue;
        this.#remove(waiting);
        this.#queues[queueOf('interactive', again)].add(waiting);
        return;
      }
    }
  }

  /** Call it when a permitted call has ended. */
  settle(permit: Permit, isThrottled: boolean): void {
    const { clock, random } = this.#options;
    const now = clock.monotonicMs();
    this.#fill(now);
    this.#arrived(permit);
    // Calls that were in flight together are throttled together, which counts once.
    if (permit.grantedAt > this.#throttledAt) {
      if (isThrottled) {
        this.#share = Math.max(MIN_SHARE, (this.#rateAt(now) / this.#options.rate || 1) * SLOWDOWN);
        this.#throttledAt = now;
        this.#bucket.lowerTo(this.#inFlight.size);
        const pauseMs = Math.min(MAX_PAUSE_MS, BASE_PAUSE_MS * 2 ** this.#throttlesInARow);
        this.#throttlesInARow += 1;
        this.#pausedUntil = now + random() * pauseMs;
      } else this.#throttlesInARow = 0;
    }
    this.#schedule();
  }

  #rateAt(moment: number): number {
    const recovered = (Math.max(0, moment - this.#throttledAt) / 1000) * RECOVERY_PER_SECOND;
    return this.#options.rate * Math.min(1, this.#share + recovered);
  }

  #fill(now: number): void {
    for (const permit of this.#inFlight) {
      const arrivedAt = permit.grantedAt + MAX_TRAVEL_MS;
      if (arrivedAt > now) break;
      this.#bucket.fill(arrivedAt, this.#rateAt(arrivedAt));
      this.#arrived(permit);
    }
    this.#bucket.fill(now, this.#rateAt(now));
  }

  #arrived(permit: Permit): void {
    if (this.#inFlight.delete(permit)) this.#bucket.take(1);
  }

  /** The number of calls in this queue and those before it. */
  #ahead(last: QueueName): number {
    let ahead = 0;
    for (const name of QUEUES) {
      ahead += this.#queues[name].size;
      if (name === last) break;
    }
    return ahead;
  }

  /** Time until a call with `ahead` others before it gets its token, in ms. */
  #waitMs(now: number, ahead: number): number {
    const pause = Math.max(0, this.#pausedUntil - now);
    const needed = ahead + 1 + this.#inFlight.size;
    const rate = this.#rateAt(now);
    if (this.#bucket.fill(now, rate) >= needed - EPSILON) return pause;
    return Math.max(pause, this.#bucket.msUntil(needed, rate));
  }

  #grant(grantedAt: number, since: number): Permit {
    const permit = { grantedAt, waitedMs: Math.round(grantedAt - since) };
    this.#inFlight.add(permit);
    return permit;
  }

  #first(): Waiting | undefined {
    for (const name of QUEUES) for (const waiting of this.#queues[name]) return waiting;
    return undefined;
  }

  #remove(waiting: Waiting): void {
    for (const name of QUEUES) this.#queues[name].delete(waiting);
  }

  /** Grants what can be granted, and sets one timer for the next. */
  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.waiting === 0) return;
    const now = this.#options.clock.monotonicMs();
    this.#fill(now);
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      const waitMs = this.#waitMs(now, 0);
      if (waitMs > 0) {
        this.#cancelTimer = this.#options.clock.after(Math.ceil(waitMs - EPSILON), () => this.#schedule());
        return;
      }
      this.#remove(next);
      next.grant(this.#grant(now, next.since));
    }
  }
}
