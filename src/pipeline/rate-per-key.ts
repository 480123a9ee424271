interface Bucket {
  tokens: number;
  at: number;
}

/** Keys that are kept at a time. */
const MAX_KEYS = 10_000;
/** Of all keys: so many are evicted at once when there are too many. */
const EVICTED_SHARE = 0.1;

/** A token bucket for each key: `perSecond` on average, `burst` at once. */
export class RatePerKey {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Keys whose buckets are kept. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token, or returns the time until there is one, in ms. `now` is in ms, of a monotonic clock. */
  take(key: string, now = performance.now()): number {
    const bucket = this.#refill(key, now);
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / this.#perSecond) * 1000;
    bucket.tokens -= 1;
    return 0;
  }

  /** The time until the key is no longer in debt, in ms; 0 when it is not. */
  debtMs(key: string, now = performance.now()): number {
    const { tokens } = this.#refill(key, now);
    return tokens > 0 ? 0 : ((1 - tokens) / this.#perSecond) * 1000;
  }

  /** Takes tokens that are used already: the key may get into debt. */
  charge(key: string, tokens: number, now = performance.now()): void {
    this.#refill(key, now).tokens -= tokens;
  }

  #refill(key: string, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? this.#add(key, now);
    bucket.tokens = this.#refilled(bucket, now);
    bucket.at = now;
    return bucket;
  }

  #refilled({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + ((now - at) / 1000) * this.#perSecond);
  }

  #add(key: string, now: number): Bucket {
    if (this.#buckets.size >= MAX_KEYS) this.#evict(now);
    const bucket = { tokens: this.#burst, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** Forgets the fullest buckets, which gives back the least to their keys. */
  #evict(now: number): void {
    const byTokens = [...this.#buckets]
      .map(([key, bucket]) => ({ key, tokens: this.#refilled(bucket, now) }))
      .sort((a, b) => b.tokens - a.tokens);
    for (const { key } of byTokens.slice(0, MAX_KEYS * EVICTED_SHARE)) this.#buckets.delete(key);
  }
}
