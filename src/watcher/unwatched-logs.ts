import type { Clock, WallMs } from '../upstream/index.ts';

/** How long a stored log is kept that nobody watches, in ms: AWS, too, keeps for 30 days what has ended. */
export const keptUnwatchedMs = 30 * 86_400_000;

/** There may be ever more objects, each with a log of its own: of those that nobody watches no more than this are kept. */
const mostUnwatched = 10_000;

/** Since when nobody has watched stored logs. Says which of them have to go: those that nobody has watched for too long, and the first of too many. */
export class UnwatchedLogs {
  readonly #clock: Clock;
  readonly #drop: (log: string) => void;
  /** Dates, as they have to outlive the process; the earliest first. */
  #since = new Map<string, WallMs>();
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(clock: Clock, drop: (log: string) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  /** The date, as it is noted in the store. */
  today(): WallMs {
    return this.#clock.wallMs();
  }

  /** What an earlier process has left. */
  left(since: ReadonlyMap<string, WallMs>): void {
    this.#since = new Map([...this.#since, ...since].sort(([, a], [, b]) => a - b));
    this.#sweep();
  }

  watched(log: string): void {
    this.#since.delete(log);
  }

  unwatched(log: string, since: WallMs): void {
    this.#since.delete(log);
    this.#since.set(log, since);
    this.#sweep();
  }

  /** Leaves no timer behind. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
  }

  #sweep(): void {
    this.#cancelTimer?.();
    if (this.#closed) return;
    for (const [log, since] of this.#since) {
      // A date ahead of the clock is of a clock that was stepped back since: such a log is not kept for longer than any other.
      const leftMs = Math.min(since - this.#clock.wallMs(), 0) + keptUnwatchedMs;
      if (leftMs > 0 && this.#since.size <= mostUnwatched) {
        this.#cancelTimer = this.#clock.after(leftMs, () => this.#sweep());
        return;
      }
      this.#since.delete(log);
      this.#drop(log);
    }
  }
}
