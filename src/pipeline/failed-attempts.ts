import { LRUCache } from 'lru-cache';
import type { Config } from '../config/index.ts';
import { addressKey } from './limit-key.ts';

/** The first time for which an address is slowed down, in ms; it doubles with each attempt that fails after it. */
const FIRST_BACKOFF_MS = 1_000;
/** So many addresses are remembered; then the one without attempts for the longest time is forgotten. */
const MAX_ADDRESSES = 10_000;

interface Attempts {
  failed: number;
  windowFrom: number;
  slowedDownUntil: number;
  /** Verifications that may still be made … */
  verifications: number;
  /** … as of then. */
  verificationsAt: number;
}

/** Counts attempts to authenticate that have failed, by the client's address. Times are of the monotonic clock, in ms. */
export class FailedAttempts {
  readonly #settings: Config['limits']['failedAttempts'];
  readonly #byAddress = new LRUCache<string, Attempts>({ max: MAX_ADDRESSES });

  constructor(settings: Config['limits']['failedAttempts']) {
    this.#settings = settings;
  }

  /** Counts an attempt that has failed. Returns for how long the address is slowed down, in ms; 0 = it is not. */
  add(address: string, now = performance.now()): number {
    const { perAddress, windowMs, maxBackoffMs } = this.#settings;
    const attempts = this.#of(address, now);
    // Those that run at the same time may overdraw it by as many.
    attempts.verifications = Math.max(-this.#maxVerifications, this.#refilled(attempts, now) - 1);
    attempts.verificationsAt = now;
    if (now < attempts.slowedDownUntil) return attempts.slowedDownUntil - now;
    if (now >= Math.max(attempts.windowFrom, attempts.slowedDownUntil) + windowMs) {
      attempts.failed = 0;
      attempts.windowFrom = now;
    }
    attempts.failed += 1;
    if (attempts.failed <= perAddress) return 0;
    const backoffMs = Math.min(maxBackoffMs, FIRST_BACKOFF_MS * 2 ** (attempts.failed - perAddress - 1));
    attempts.slowedDownUntil = now + backoffMs;
    return backoffMs;
  }

  /** Time until another signature may be verified for the address, in ms: each costs CPU time, and those of failed attempts are limited. 0 = now. */
  untilVerification(address: string, now = performance.now()): number {
    const attempts = this.#byAddress.get(addressKey(address));
    if (attempts === undefined) return 0;
    const verifications = this.#refilled(attempts, now);
    return verifications >= 1 ? 0 : ((1 - verifications) / this.#settings.verificationsPerSecond) * 1000;
  }

  #refilled({ verifications, verificationsAt }: Attempts, now: number): number {
    const refilled = verifications + ((now - verificationsAt) / 1000) * this.#settings.verificationsPerSecond;
    return Math.min(this.#maxVerifications, refilled);
  }

  get #maxVerifications(): number {
    return 2 * this.#settings.verificationsPerSecond;
  }

  #of(address: string, now: number): Attempts {
    const key = addressKey(address);
    const known = this.#byAddress.get(key);
    if (known !== undefined) return known;
    const attempts = {
      failed: 0,
      windowFrom: now,
      slowedDownUntil: Number.NEGATIVE_INFINITY,
      verifications: this.#maxVerifications,
      verificationsAt: now,
    };
    this.#byAddress.set(key, attempts);
    return attempts;
  }
}
