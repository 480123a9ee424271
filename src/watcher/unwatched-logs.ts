import type { Clock } from '../upstream/index.ts';

/** How long a stored log is kept that nobody watches, in ms: AWS, too, keeps for 30 days what has ended. */
export const keptUnwatchedMs = 30 * 86_400_000;

/** There may be ever more objects, each with a log of its own: of those that nobody watches no more than this are kept. */
const mostUnwatched = 10_000;

/** Since when nobody has watched stored logs. Says which of them have to go: those that nobody has watched for too long, and the first of too many. */
export class UnwatchedLogs {
  readonly #clock: Clock;
  readonly #drop: (log: string) => void;
  /** In ms since the epoch, the earliest first. */
  #since = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(clock: Clock, drop: (log: string) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  /** In ms since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** What an earlier process has left. `since`: in ms since the epoch. */
  left(since: ReadonlyMap<string, number>): void {
    this.#since = new Map([...this.#since, ...since].sort(([, a], [, b]) => a - b));
    this.#sweep();
  }

  watched(log: string): void {
    this.#since.delete(log);
  }

  /** `since`: in ms since the epoch. */
  unwatched(log: string, since: number): void {
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
      const leftMs = since + keptUnwatchedMs - this.#clock.now();
      if (leftMs > 0 && this.#since.size <= mostUnwatched) {
        this.#cancelTimer = this.#clock.after(leftMs, () => this.#sweep());
        return;
      }
      this.#since.delete(log);
      this.#drop(log);
    }
  }
}
