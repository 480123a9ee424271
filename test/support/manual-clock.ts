import type { Clock, MonotonicMs, WallMs } from '../../src/upstream/index.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** Time that stands still until a test moves it: `advance` moves both clocks, `stepWall` the wall clock alone. */
export class ManualClock implements Clock {
  /** Far from any date, so that one clock cannot pass for the other. */
  #now = 1_000_000;
  #wallIsAheadMs: number;
  #lastRunAt = Number.NaN;
  readonly #timers = new Set<Timer>();

  /** `start`: of the wall clock, in ms since the epoch. */
  constructor(start = 0) {
    this.#wallIsAheadMs = start - this.#now;
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  monotonicMs(): MonotonicMs {
    return this.#now as MonotonicMs;
  }

  wallMs(): WallMs {
    return (this.#now + this.#wallIsAheadMs) as WallMs;
  }

  /** Steps the wall clock, as NTP or an operator does; negative is back. No timer is due for that. */
  stepWall(ms: number): void {
    this.#wallIsAheadMs += ms;
  }

  after(ms: number, task: () => void): () => void {
    if (ms === Number.POSITIVE_INFINITY) return () => undefined;
    const timer = { at: this.#now + Math.max(0, ms), task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves time, stopping at each timer that is due, and lets promises settle at every stop. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#lastRunAt = this.#now;
      this.#timers.delete(next);
      next.task();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Moves time on to a moment at which nothing else happens. */
  async advanceAside(): Promise<void> {
    do await this.advance(1);
    while (this.#lastRunAt === this.#now);
  }

  /** Of those that are due at one time the first that was set. */
  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  }
}

/** Resolves when all that could settle without time or input has settled. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
