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

  /** The tokens at this time; negative after `take` has taken more than there were. `rate`: since the last call, where it is lower than the limit's. */
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
