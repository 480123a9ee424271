/** A connection that was live for this time, in ms, ends a series of failures. */
const STABLE_MS = 10_000;

export interface BackoffOptions {
  /** The longest wait before the first retry, in ms. It doubles with each further one. */
  readonly minRetryMs: number;
  /** The longest wait, in ms. */
  readonly maxRetryMs: number;
}

/** Exponential backoff with full jitter, so that clients do not return to a restarted gateway all at once. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #liveSince: number | undefined;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The number of failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** The table has become live. */
  onLive(): void {
    this.#liveSince ??= performance.now();
  }

  /** The connection has failed. */
  onFailure(): void {
    const isStable = this.#liveSince !== undefined && performance.now() - this.#liveSince >= STABLE_MS;
    this.#liveSince = undefined;
    this.#failures = isStable ? 1 : this.#failures + 1;
  }

  /** Starts over, as the application asked for a retry. */
  reset(): void {
    this.#failures = 0;
    this.#liveSince = undefined;
  }

  /** The wait before the next attempt, in ms. `retryAfterMs`: the least that the gateway asks for. */
  delayMs(retryAfterMs = 0): number {
    const { minRetryMs, maxRetryMs } = this.#options;
    const longest = Math.min(maxRetryMs, minRetryMs * 2 ** Math.min(this.#failures - 1, 30));
    return retryAfterMs + Math.random() * longest;
  }
}
