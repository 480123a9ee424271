/** A timer may fire this much early, in ms. */
const earlyMs = 10;

/**
 * Counts calls per poll interval, independent of when the count starts and of late timers. A round starts with a call
 * and ends with the first call at least one poll interval later.
 *
 * One poller makes one call per round, and one for each further page. All other calls, such as a call per subscriber or
 * a second poller, are counted too.
 */
export class PollRounds {
  readonly #intervalMs: number;
  #left: number;
  #begunAt: number | undefined;
  #calls = 0;

  constructor(rounds: number, intervalMs: number) {
    this.#left = rounds;
    this.#intervalMs = intervalMs;
  }

  /** Records a call at a time in ms of any steady clock. Returns the number of calls once all rounds are over. */
  called(at: number): number | undefined {
    this.#begunAt ??= at;
    if (at - this.#begunAt >= this.#intervalMs - earlyMs) {
      this.#begunAt = at;
      this.#left -= 1;
      if (this.#left === 0) return this.#calls;
    }
    this.#calls += 1;
    return undefined;
  }
}
