/** The running and waiting tasks of one key. */
export interface Lane {
  readonly key: string;
  running: number;
  /** End of its last task in virtual time; the key with the earliest goes first. */
  finish: number;
  /** When its last task ended, to break ties. */
  usedAt: number;
  /** End of its pause after a long task, on the scheduler's clock. */
  restsUntil: number;
  readonly queue: (() => void)[];
  /** Paused tasks, which continue before other tasks of their key, as they hold memory. */
  readonly paused: (() => void)[];
  /** Short work. */
  readonly work: (() => void)[];
}

/** Above this number, keys without tasks are removed. */
const MAX_LANES = 1_024;

const isBefore = (a: Lane, b: Lane): boolean => a.finish < b.finish || (a.finish === b.finish && a.usedAt < b.usedAt);

/** The lanes of all keys, in the order of fair queueing. */
export class Lanes {
  readonly #concurrent: number;
  readonly #byKey = new Map<string, Lane>();
  readonly #waiting = new Set<Lane>();
  /** The current virtual time, in which each waiting key gets its share of each ms. */
  #virtual = 0;

  constructor(concurrent: number) {
    this.#concurrent = concurrent;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get isAnyWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  of(key: string): Lane {
    let lane = this.#byKey.get(key);
    if (lane === undefined) {
      if (this.#byKey.size >= MAX_LANES) this.#evict();
      const usedAt = Number.NEGATIVE_INFINITY;
      lane = { key, running: 0, finish: this.#virtual, usedAt, restsUntil: 0, paused: [], work: [], queue: [] };
      this.#byKey.set(key, lane);
    }
    return lane;
  }

  /** Reports that this lane has a new waiting task. */
  addWaiting(lane: Lane): void {
    this.#waiting.add(lane);
  }

  charge(lane: Lane, ms: number, now: number): void {
    lane.finish = Math.max(this.#virtual, lane.finish) + ms;
    lane.usedAt = now;
    this.#virtual += ms / Math.max(1, this.#waiting.size);
  }

  /** The runnable lane with the least used time. */
  next(now: number): Lane | undefined {
    let next: Lane | undefined;
    for (const lane of this.#waiting)
      if (this.#hasWork(lane) && lane.restsUntil <= now && (next === undefined || isBefore(lane, next))) next = lane;
    return next;
  }

  shift(lane: Lane): (() => void) | undefined {
    const first = lane.paused.shift() ?? lane.work.shift() ?? lane.queue.shift();
    if (lane.paused.length + lane.work.length + lane.queue.length === 0) this.#waiting.delete(lane);
    return first;
  }

  /** When the first paused lane becomes runnable; undefined if none is paused. */
  get restedAt(): number | undefined {
    const rests = [...this.#waiting].filter((lane) => this.#hasWork(lane)).map(({ restsUntil }) => restsUntil);
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  #hasWork({ paused, work, queue, running }: Lane): boolean {
    return paused.length + work.length > 0 || (queue.length > 0 && running < this.#concurrent);
  }

  /** Removes lanes without tasks: those within their share or, if there are none, all. */
  #evict(): void {
    const idle = [...this.#byKey.values()].filter(
      ({ running, paused, work, queue }) => running + paused.length + work.length + queue.length === 0,
    );
    const even = idle.filter(({ finish }) => finish <= this.#virtual);
    for (const { key } of even.length > 0 ? even : idle) this.#byKey.delete(key);
  }
}
