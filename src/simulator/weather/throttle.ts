import type { OperationName } from '../model/operations.ts';
import { type Rate, throttleLimits } from '../model/throttle-limits.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Token buckets per operation, for each account and, where AWS documents one, for each organization. They fill in real
 * time: a rate is about calls, whatever the simulator's clock says. When either is empty, neither is charged.
 */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the call's tokens, or says that there are none. */
  admit(operation: OperationName, accountId: string, organizationId: string | undefined): boolean {
    const limit = throttleLimits[operation];
    if (!limit) return true;
    const buckets = [this.#bucket(`${operation}/${accountId}`, limit.account)];
    if (limit.organization && organizationId) {
      buckets.push(this.#bucket(`${operation}/${organizationId}`, limit.organization));
    }
    if (buckets.some(({ tokens }) => tokens < 1)) return false;
    for (const bucket of buckets) bucket.tokens -= 1;
    return true;
  }

  reset(): void {
    this.#buckets.clear();
  }

  #bucket(key: string, { rate, burst }: Rate): Bucket {
    const now = this.#now();
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { tokens: burst, filledAt: now };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    bucket.filledAt = now;
    return bucket;
  }
}
