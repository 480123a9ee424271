import { type Rate, TokenBucket } from '../../token-bucket.ts';
import type { OperationName } from '../model/operations.ts';
import { throttleLimits } from '../model/throttle-limits.ts';

/**
 * Token buckets per operation, for each account and, where AWS documents a rate, for each organization. They refill in
 * real time, not in the simulator's, and neither is charged if one is empty.
 */
export class Throttle {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #now: () => number;
  readonly #factor: number;

  /**
   * @param now returns milliseconds of a monotonic clock
   * @param factor multiple of AWS's documented rates and bursts
   */
  constructor(now: () => number, factor = 1) {
    this.#now = now;
    this.#factor = factor;
  }

  /** Takes a token from each bucket of the call. Returns false if one is empty. */
  tryTakeToken(operation: OperationName, accountId: string, organizationId: string | undefined): boolean {
    const limit = throttleLimits[operation];
    if (!limit) return true;
    const buckets = [this.#bucket(`${operation}/${accountId}`, limit.account)];
    if (limit.organization && organizationId) {
      buckets.push(this.#bucket(`${operation}/${organizationId}`, limit.organization));
    }
    if (buckets.some((bucket) => bucket.fill(this.#now()) < 1)) return false;
    for (const bucket of buckets) bucket.take(1);
    return true;
  }

  reset(): void {
    this.#buckets.clear();
  }

  #bucket(key: string, { rate, burst }: Rate): TokenBucket {
    const limit = { rate: rate * this.#factor, burst: burst * this.#factor };
    const bucket = this.#buckets.get(key) ?? new TokenBucket(limit, this.#now());
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
