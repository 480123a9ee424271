interface Bucket {
  tokens: number;
  at: number;
}

/** So many keys are looked at one by one, to forget those whose buckets are full again. */
const MOST_KEYS = 10_000;

/** A token bucket for each key: `perSecond` on average, `burst` at once. */
export class RatePerKey {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Takes a token, or gives the time until there is one, in ms. `now` is in ms, of a clock that only goes forward. */
  take(key: string, now = performance.now()): number {
    const bucket = this.#buckets.get(key) ?? this.#add(key, now);
    bucket.tokens = this.#refilled(bucket, now);
    bucket.at = now;
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / this.#perSecond) * 1000;
    bucket.tokens -= 1;
    return 0;
  }

  #refilled({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + ((now - at) / 1000) * this.#perSecond);
  }

  #add(key: string, now: number): Bucket {
    if (this.#buckets.size >= MOST_KEYS) {
      for (const [each, bucket] of this.#buckets) {
        if (this.#refilled(bucket, now) >= this.#burst) this.#buckets.delete(each);
      }
    }
    const bucket = { tokens: this.#burst, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
