/** A timer may fire this much early, in ms. */
const earlyMs = 10;

/**
 * Counts calls over a number of poll intervals, so that it does not depend on where between two polls the counting begins, nor on how late timers fire: a round begins
 * with a call, and ends with the first one that comes a poll interval later. One poller makes one call a round (and one for each further page). Whatever else is called,
 * of any operation and at any time, such as a call for each subscriber or a second poller, is in a round, too, and counted.
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

  /** A call has come in. `at`: in ms, of any clock that goes evenly. The number of calls once all rounds are over. */
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
