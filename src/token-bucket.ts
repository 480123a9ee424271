/** `rate` tokens are added a second, up to `burst`. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

/** A token bucket, full at first. Times are in ms, of a clock that never goes backward. */
export class TokenBucket {
  readonly #limit: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(limit: Rate, now: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = now;
  }

  /**
   * The tokens at this time; negative after `take` has taken more than there were. `rate`: since the last call, where
   * it is lower than the limit's.
   */
  fill(now: number, rate = this.#limit.rate): number {
    if (now > this.#filledAt) {
      this.#tokens = Math.min(this.#limit.burst, this.#tokens + ((now - this.#filledAt) / 1000) * rate);
      this.#filledAt = now;
    }
    return this.#tokens;
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }

  /** Takes all tokens above this number. */
  lowerTo(tokens: number): void {
    this.#tokens = Math.min(this.#tokens, tokens);
  }

  /** Time from the last `fill` until there are so many tokens, in ms. */
  msUntil(tokens: number, rate = this.#limit.rate): number {
    return Math.max(0, ((tokens - this.#tokens) / rate) * 1000);
  }
}

/** Keys that are kept at a time. */
const MAX_KEYS = 10_000;
/** Of all keys: so many are evicted at once when there are too many. */
const EVICTED_SHARE = 0.1;

/** A token bucket for each key: `perSecond` on average, `burst` at once. Times are in ms, of a monotonic clock. */
export class RatePerKey {
  readonly #limit: { readonly rate: number; readonly burst: number };
  readonly #buckets = new Map<string, TokenBucket>();

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#limit = { rate: perSecond, burst };
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token, or returns the time until there is one, in ms. */
  take(key: string, now = performance.now()): number {
    const bucket = this.#bucket(key, now);
    if (bucket.fill(now) < 1) return bucket.msUntil(1);
    bucket.take(1);
    return 0;
  }

  /** The time until the key is no longer in debt, in ms; 0 when it is not. */
  debtMs(key: string, now = performance.now()): number {
    const bucket = this.#bucket(key, now);
    return bucket.fill(now) > 0 ? 0 : bucket.msUntil(1);
  }

  /** Takes tokens that are used already: the key may get into debt. */
  charge(key: string, tokens: number, now = performance.now()): void {
    const bucket = this.#bucket(key, now);
    bucket.fill(now);
    bucket.take(tokens);
  }

  #bucket(key: string, now: number): TokenBucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_KEYS) this.#evict(now);
      bucket = new TokenBucket(this.#limit, now);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }

  /** Forgets the fullest buckets, which gives back the least to their keys. */
  #evict(now: number): void {
    const byTokens = [...this.#buckets]
      .map(([key, bucket]) => ({ key, tokens: bucket.fill(now) }))
      .sort((a, b) => b.tokens - a.tokens);
    for (const { key } of byTokens.slice(0, MAX_KEYS * EVICTED_SHARE)) this.#buckets.delete(key);
  }
}
