import { type KeyQueue, KeyQueues } from './key-queues.ts';

/** The scheduler's clock and event loop. Tests replace it. */
export interface SchedulerClock {
  now(): number;
  /** Calls back in the next turn of the event loop, after sockets and timers. */
  nextTurn(callback: () => void): void;
  setTimer(ms: number, callback: () => void): void;
}

export interface SchedulerLimits {
  /** Maximum number of concurrent tasks of one key. */
  readonly maxConcurrent: number;
  readonly maxQueuedPerKey: number;
  readonly maxQueued: number;
}

interface TimeAccounts {
  charge(key: string, ms: number, now: number): void;
}

/** A task can neither run nor wait. `bound` is the exceeded limit. */
export class QueueFullError extends Error {
  readonly bound: 'maxQueuedPerKey' | 'maxQueued';

  constructor(bound: QueueFullError['bound']) {
    super(`The queue is full (${bound}).`);
    this.bound = bound;
  }
}

export interface RunningTask {
  /** The task no longer counts as one of its key's running tasks. */
  release(): void;
  /** The task counts until `release` is called, even after its result is available. */
  holdUntilReleased(): void;
}

type Task<T> = (running: RunningTask) => T | Promise<T>;

/** Tasks run for at most this long, in ms, before the event loop gets a turn. */
const SLICE_MS = 10;
/** After an uninterrupted task that is longer, in ms, its key pauses for the same time. */
const LONG_MS = 25;
/** A key pauses only if another key has used the scheduler within this time, in ms. */
const ACTIVE_MS = 1_000;

const REAL_CLOCK: SchedulerClock = {
  now: () => performance.now(),
  nextTurn: (callback) => void setImmediate(callback),
  setTimer: (ms, callback) => void setTimeout(callback, ms),
};

/**
 * Runs the tasks of many keys by fair queueing: the waiting key that has used the least time runs first, so that a key
 * waits for at most one task of each other key. Without load, tasks run synchronously. After a long task its key
 * pauses, so that other keys do not wait for a long task in each turn of the event loop. The time of tasks is charged
 * to `cpu`.
 * https://en.wikipedia.org/wiki/Fair_queuing
 */
export class FairScheduler {
  readonly #limits: SchedulerLimits;
  readonly #cpu: TimeAccounts;
  readonly #clock: SchedulerClock;
  readonly #queues: KeyQueues;
  #queued = 0;
  /** Time that tasks have used in the current turn of the event loop, in ms. */
  #usedInTurn = 0;
  #isTurnScheduled = false;
  #isTimerSet = false;
  #isAccepting = false;
  /** Time of the last `#runTurn`. */
  #ranAt = Number.NEGATIVE_INFINITY;
  /** Time of all tasks so far, in ms, so that nested tasks are counted once. */
  #totalMeasured = 0;
  /** The key whose short task is running, and its start. */
  #runningShortTaskOf: KeyQueue | undefined;
  #shortTaskStartedAt = 0;
  /** The last key that used time, when it did, and when another key did before. */
  #lastKey = '';
  #lastUsedAt = Number.NEGATIVE_INFINITY;
  #otherUsedAt = Number.NEGATIVE_INFINITY;

  constructor(limits: SchedulerLimits, cpu: TimeAccounts, clock: SchedulerClock = REAL_CLOCK) {
    this.#limits = limits;
    this.#queues = new KeyQueues(limits.maxConcurrent);
    this.#cpu = cpu;
    this.#clock = clock;
  }

  get queuedTasks(): number {
    return this.#queued;
  }

  get keyCount(): number {
    return this.#queues.size;
  }

  /** Runs a task, synchronously if possible. @throws QueueFullError if it can neither run nor wait. */
  run<T>(key: string, task: Task<T>): T | Promise<T> {
    const keyQueue = this.#queues.get(key);
    const mayRun = keyQueue.running < this.#limits.maxConcurrent;
    if (mayRun && this.#canRunNow(keyQueue)) return this.#start(keyQueue, task);
    if (keyQueue.waitingTasks.length >= this.#limits.maxQueuedPerKey) throw new QueueFullError('maxQueuedPerKey');
    if (this.#queued >= this.#limits.maxQueued) throw new QueueFullError('maxQueued');
    return new Promise((resolve, reject) => {
      keyQueue.waitingTasks.push(() => {
        try {
          resolve(this.#start(keyQueue, task));
        } catch (error) {
          reject(error);
        }
      });
      this.#queued += 1;
      this.#queues.addWaiting(keyQueue);
      this.#scheduleTurn();
    });
  }

  /** Pauses a running task. Resolves when it may continue, and charges a slice. */
  nextTurn(key: string): Promise<void> {
    const keyQueue = this.#queues.get(key);
    return new Promise((resolve) =>
      this.#enqueue(keyQueue, keyQueue.pausedTasks, () => {
        this.#recordUse(keyQueue, SLICE_MS, this.#clock.now());
        resolve();
      }),
    );
  }

  /**
   * Runs a short task of a key, such as reading a message, in order and synchronously if possible. `task` must not
   * throw.
   */
  runShort(key: string, task: () => void): void {
    const keyQueue = this.#queues.get(key);
    if (this.#canRunNow(keyQueue)) this.#runShort(keyQueue, task);
    else this.#enqueue(keyQueue, keyQueue.shortTasks, () => this.#runShort(keyQueue, task));
  }

  #runShort(keyQueue: KeyQueue, task: () => void): void {
    const outer = { keyQueue: this.#runningShortTaskOf, startedAt: this.#shortTaskStartedAt };
    this.#runningShortTaskOf = keyQueue;
    this.#shortTaskStartedAt = this.#clock.now();
    try {
      this.#measure(keyQueue, task);
    } finally {
      this.#runningShortTaskOf = outer.keyQueue;
      this.#shortTaskStartedAt = outer.startedAt;
    }
  }

  /**
   * Node accepts one connection per turn of the event loop. So tasks yield for at most a slice after each, as more may
   * be pending.
   */
  onConnectionAccepted(): void {
    this.#isAccepting = true;
  }

  /** Charges a key for time that it used outside of tasks, in ms. */
  charge(key: string, ms: number): void {
    this.#recordUse(this.#queues.get(key), ms, this.#clock.now());
  }

  #start<T>(keyQueue: KeyQueue, task: Task<T>): T | Promise<T> {
    let isRunning = true;
    let isHeld = false;
    const release = () => {
      if (!isRunning) return;
      isRunning = false;
      keyQueue.running -= 1;
      if (keyQueue.waitingTasks.length > 0) this.#scheduleTurn();
    };
    keyQueue.running += 1;
    const holdUntilReleased = () => {
      isHeld = true;
    };
    let result: T | Promise<T>;
    try {
      result = this.#measure(keyQueue, () => task({ release, holdUntilReleased }));
    } catch (error) {
      release();
      throw error;
    }
    const settled = () => {
      if (!isHeld) release();
    };
    if (result instanceof Promise) result.then(settled, release);
    else settled();
    return result;
  }

  #measure<T>(keyQueue: KeyQueue, task: () => T): T {
    const startedAt = this.#clock.now();
    const before = this.#totalMeasured;
    try {
      return task();
    } finally {
      const now = this.#clock.now();
      const ms = Math.max(0, now - startedAt - (this.#totalMeasured - before));
      this.#totalMeasured += ms;
      this.#recordUse(keyQueue, ms, now);
    }
  }

  /**
   * Whether a task of this key can run synchronously. A short task may start another task of its key in its own turn.
   */
  #canRunNow(keyQueue: KeyQueue): boolean {
    if (this.#runningShortTaskOf === keyQueue && keyQueue.pausedTasks.length + keyQueue.waitingTasks.length === 0)
      return this.#clock.now() - this.#shortTaskStartedAt < SLICE_MS;
    return (
      !this.#queues.hasWaiting &&
      this.#usedInTurn < SLICE_MS &&
      (keyQueue.pausedUntil === 0 || keyQueue.pausedUntil <= this.#clock.now())
    );
  }

  #enqueue(keyQueue: KeyQueue, list: (() => void)[], task: () => void): void {
    list.push(task);
    this.#queues.addWaiting(keyQueue);
    this.#scheduleTurn();
  }

  #recordUse(keyQueue: KeyQueue, ms: number, now: number): void {
    if (keyQueue.key !== this.#lastKey) {
      this.#otherUsedAt = this.#lastUsedAt;
      this.#lastKey = keyQueue.key;
    }
    this.#lastUsedAt = now;
    if (ms > LONG_MS && now - this.#otherUsedAt < ACTIVE_MS) keyQueue.pausedUntil = now + ms;
    this.#usedInTurn += ms;
    if (this.#usedInTurn >= SLICE_MS) this.#scheduleTurn();
    this.#queues.charge(keyQueue, ms, now);
    this.#cpu.charge(keyQueue.key, ms, now);
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled) return;
    this.#isTurnScheduled = true;
    this.#clock.nextTurn(() => this.#runTurn());
  }

  #runTurn(): void {
    this.#isTurnScheduled = false;
    if (this.#isAccepting) {
      this.#isAccepting = false;
      if (this.#clock.now() - this.#ranAt < SLICE_MS) {
        this.#scheduleTurn();
        return;
      }
    }
    this.#usedInTurn = 0;
    let next = this.#queues.nextRunnable(this.#clock.now());
    while (next !== undefined && this.#usedInTurn < SLICE_MS) {
      if (next.pausedTasks.length + next.shortTasks.length === 0) this.#queued -= 1;
      this.#queues.takeTask(next)?.();
      next = this.#queues.nextRunnable(this.#clock.now());
    }
    this.#ranAt = this.#clock.now();
    if (next !== undefined) this.#scheduleTurn();
    else this.#scheduleResume();
  }

  /** Schedules a turn for the end of the first pause. */
  #scheduleResume(): void {
    if (this.#isTimerSet) return;
    const { nextResumeAt } = this.#queues;
    if (nextResumeAt === undefined) return;
    this.#isTimerSet = true;
    this.#clock.setTimer(Math.max(1, nextResumeAt - this.#clock.now()), () => {
      this.#isTimerSet = false;
      this.#scheduleTurn();
    });
  }
}
