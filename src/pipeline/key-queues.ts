/** The running and waiting tasks of one key: a flow, in terms of fair queueing. */
export interface KeyQueue {
  readonly key: string;
  running: number;
  /** Virtual time at which its last task ended. The key with the earliest runs first. */
  virtualFinish: number;
  /** Time at which its last task ended, to break ties. */
  lastUsedAt: number;
  /** End of its pause after a long task, on the scheduler's clock. */
  pausedUntil: number;
  readonly waitingTasks: (() => void)[];
  /** Paused tasks, which continue before other tasks of their key, as they hold memory. */
  readonly pausedTasks: (() => void)[];
  /** Short tasks, such as reading a message, which run whatever the number of running tasks is. */
  readonly shortTasks: (() => void)[];
}

/** Above this number, queues without tasks are removed. */
const MAX_QUEUES = 1_024;

const runsBefore = (a: KeyQueue, b: KeyQueue): boolean =>
  a.virtualFinish < b.virtualFinish || (a.virtualFinish === b.virtualFinish && a.lastUsedAt < b.lastUsedAt);

/** The queues of all keys, in the order of fair queueing. */
export class KeyQueues {
  readonly #maxConcurrent: number;
  readonly #byKey = new Map<string, KeyQueue>();
  readonly #waiting = new Set<KeyQueue>();
  /** The current virtual time, in which each waiting key gets its share of each ms. */
  #virtualTime = 0;

  /** @param maxConcurrent Maximum number of running tasks per key. */
  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get(key: string): KeyQueue {
    let keyQueue = this.#byKey.get(key);
    if (keyQueue === undefined) {
      if (this.#byKey.size >= MAX_QUEUES) this.#evict();
      keyQueue = {
        key,
        running: 0,
        virtualFinish: this.#virtualTime,
        lastUsedAt: Number.NEGATIVE_INFINITY,
        pausedUntil: 0,
        pausedTasks: [],
        shortTasks: [],
        waitingTasks: [],
      };
      this.#byKey.set(key, keyQueue);
    }
    return keyQueue;
  }

  /** Must be called after a task is added to a queue. */
  addWaiting(keyQueue: KeyQueue): void {
    this.#waiting.add(keyQueue);
  }

  charge(keyQueue: KeyQueue, ms: number, now: number): void {
    keyQueue.virtualFinish = Math.max(this.#virtualTime, keyQueue.virtualFinish) + ms;
    keyQueue.lastUsedAt = now;
    this.#virtualTime += ms / Math.max(1, this.#waiting.size);
  }

  /** Returns the runnable queue that has used the least time. */
  nextRunnable(now: number): KeyQueue | undefined {
    let next: KeyQueue | undefined;
    for (const keyQueue of this.#waiting)
      if (
        this.#isRunnable(keyQueue) &&
        keyQueue.pausedUntil <= now &&
        (next === undefined || runsBefore(keyQueue, next))
      )
        next = keyQueue;
    return next;
  }

  takeTask(keyQueue: KeyQueue): (() => void) | undefined {
    const first = keyQueue.pausedTasks.shift() ?? keyQueue.shortTasks.shift() ?? keyQueue.waitingTasks.shift();
    if (keyQueue.pausedTasks.length + keyQueue.shortTasks.length + keyQueue.waitingTasks.length === 0)
      this.#waiting.delete(keyQueue);
    return first;
  }

  /** The time at which the first paused queue becomes runnable; undefined if none is paused. */
  get nextResumeAt(): number | undefined {
    const times = [...this.#waiting]
      .filter((keyQueue) => this.#isRunnable(keyQueue))
      .map(({ pausedUntil }) => pausedUntil);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #isRunnable({ pausedTasks, shortTasks, waitingTasks, running }: KeyQueue): boolean {
    return pausedTasks.length + shortTasks.length > 0 || (waitingTasks.length > 0 && running < this.#maxConcurrent);
  }

  /** Removes queues without tasks: those that have used no more than their share or, if there are none, all. */
  #evict(): void {
    const idle = [...this.#byKey.values()].filter(
      ({ running, pausedTasks, shortTasks, waitingTasks }) =>
        running + pausedTasks.length + shortTasks.length + waitingTasks.length === 0,
    );
    const withinShare = idle.filter(({ virtualFinish }) => virtualFinish <= this.#virtualTime);
    for (const { key } of withinShare.length > 0 ? withinShare : idle) this.#byKey.delete(key);
  }
}
