import { type Lane, Lanes } from './lanes.ts';

/** The scheduler's clock and event loop, replaceable in tests. */
export interface SchedulerClock {
  now(): number;
  /** Calls back in the next turn of the event loop, after sockets, probes and timers had theirs. */
  nextTurn(callback: () => void): void;
  after(ms: number, callback: () => void): void;
}

export interface SchedulerLimits {
  /** Maximum number of concurrent tasks of one key. */
  readonly concurrent: number;
  readonly queuedPerKey: number;
  readonly queued: number;
}

interface TimeAccounts {
  charge(key: string, ms: number, now: number): void;
}

/** The exceeded bound of the queue. */
export class QueueFull extends Error {
  readonly bound: 'queuedPerKey' | 'queued';

  constructor(bound: QueueFull['bound']) {
    super(`The queue is full (${bound}).`);
    this.bound = bound;
  }
}

export interface RunningTask {
  /** The task no longer counts for the concurrent tasks of its key. */
  release(): void;
  /** The task counts until it is released, even after its result is available. */
  keep(): void;
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
  after: (ms, callback) => void setTimeout(callback, ms),
};

/**
 * Runs the tasks of many keys by fair queueing: the waiting key that has used the least time goes first, so that a key waits
 * for at most one task of each other key. While there is little to do, tasks run at once. `cpu` is charged for the tasks' time.
 * After a long task its key pauses, so that others' responses do not wait for a long task in each turn of the event loop.
 * https://en.wikipedia.org/wiki/Fair_queuing
 */
export class FairScheduler {
  readonly #limits: SchedulerLimits;
  readonly #cpu: TimeAccounts;
  readonly #clock: SchedulerClock;
  readonly #lanes: Lanes;
  #queued = 0;
  /** Time of tasks in the current turn of the event loop, in ms. */
  #spent = 0;
  #turnAsked = false;
  #isTimerSet = false;
  #isAccepting = false;
  /** When tasks last ran in a turn of their own. */
  #ranAt = Number.NEGATIVE_INFINITY;
  /** Total measured time of all keys, in ms, so that nested work is counted once. */
  #measured = 0;
  /** The running key and when it started. */
  #working: Lane | undefined;
  #workingSince = 0;
  /** The key that was used last, when, and when another key was used before it. */
  #lastKey = '';
  #lastUsedAt = Number.NEGATIVE_INFINITY;
  #otherUsedAt = Number.NEGATIVE_INFINITY;

  constructor(limits: SchedulerLimits, cpu: TimeAccounts, clock: SchedulerClock = REAL_CLOCK) {
    this.#limits = limits;
    this.#lanes = new Lanes(limits.concurrent);
    this.#cpu = cpu;
    this.#clock = clock;
  }

  get queued(): number {
    return this.#queued;
  }

  get keys(): number {
    return this.#lanes.size;
  }

  /** Runs a task, at once if possible. @throws QueueFull if it can neither run nor wait. */
  run<T>(key: string, task: Task<T>): T | Promise<T> {
    const lane = this.#lanes.of(key);
    const mayRun = lane.running < this.#limits.concurrent;
    if (mayRun && this.#isFree(lane)) return this.#start(lane, task);
    if (lane.queue.length >= this.#limits.queuedPerKey) throw new QueueFull('queuedPerKey');
    if (this.#queued >= this.#limits.queued) throw new QueueFull('queued');
    return new Promise((resolve, reject) => {
      lane.queue.push(() => {
        try {
          resolve(this.#start(lane, task));
        } catch (error) {
          reject(error);
        }
      });
      this.#queued += 1;
      this.#lanes.addWaiting(lane);
      this.#askForTurn();
    });
  }

  /** Resolves when a paused task may continue. Charges a slice. */
  nextTurn(key: string): Promise<void> {
    const lane = this.#lanes.of(key);
    return new Promise((resolve) =>
      this.#wait(lane, lane.paused, () => {
        this.#used(lane, SLICE_MS, this.#clock.now());
        resolve();
      }),
    );
  }

  /** Runs short work of a key, such as reading its messages, in order and at once if possible. `work` must not throw. */
  work(key: string, work: () => void): void {
    const lane = this.#lanes.of(key);
    if (this.#isFree(lane)) this.#work(lane, work);
    else this.#wait(lane, lane.work, () => this.#work(lane, work));
  }

  #work(lane: Lane, work: () => void): void {
    const { working, since } = { working: this.#working, since: this.#workingSince };
    this.#working = lane;
    this.#workingSince = this.#clock.now();
    try {
      this.#measure(lane, work);
    } finally {
      this.#working = working;
      this.#workingSince = since;
    }
  }

  /**
   * Reports an accepted connection. Node accepts one per turn of the event loop, so tasks yield while more may be pending,
   * for at most a slice.
   */
  accepted(): void {
    this.#isAccepting = true;
  }

  /** Charges time outside of the key's tasks, in ms. */
  charge(key: string, ms: number): void {
    this.#used(this.#lanes.of(key), ms, this.#clock.now());
  }

  #start<T>(lane: Lane, task: Task<T>): T | Promise<T> {
    let isRunning = true;
    let isKept = false;
    const release = () => {
      if (!isRunning) return;
      isRunning = false;
      lane.running -= 1;
      if (lane.queue.length > 0) this.#askForTurn();
    };
    lane.running += 1;
    const keep = () => {
      isKept = true;
    };
    let result: T | Promise<T>;
    try {
      result = this.#measure(lane, () => task({ release, keep }));
    } catch (error) {
      release();
      throw error;
    }
    const settled = () => {
      if (!isKept) release();
    };
    if (result instanceof Promise) result.then(settled, release);
    else settled();
    return result;
  }

  #measure<T>(lane: Lane, work: () => T): T {
    const begun = this.#clock.now();
    const before = this.#measured;
    try {
      return work();
    } finally {
      const now = this.#clock.now();
      const ms = Math.max(0, now - begun - (this.#measured - before));
      this.#measured += ms;
      this.#used(lane, ms, now);
    }
  }

  /** Whether a task of this key may run at once. A task started by short work of its key runs in the same turn. */
  #isFree(lane: Lane): boolean {
    if (this.#working === lane && lane.paused.length + lane.queue.length === 0)
      return this.#clock.now() - this.#workingSince < SLICE_MS;
    return (
      !this.#lanes.isAnyWaiting &&
      this.#spent < SLICE_MS &&
      (lane.restsUntil === 0 || lane.restsUntil <= this.#clock.now())
    );
  }

  #wait(lane: Lane, list: (() => void)[], goOn: () => void): void {
    list.push(goOn);
    this.#lanes.addWaiting(lane);
    this.#askForTurn();
  }

  #used(lane: Lane, ms: number, now: number): void {
    if (lane.key !== this.#lastKey) {
      this.#otherUsedAt = this.#lastUsedAt;
      this.#lastKey = lane.key;
    }
    this.#lastUsedAt = now;
    if (ms > LONG_MS && now - this.#otherUsedAt < ACTIVE_MS) lane.restsUntil = now + ms;
    this.#spent += ms;
    if (this.#spent >= SLICE_MS) this.#askForTurn();
    this.#lanes.charge(lane, ms, now);
    this.#cpu.charge(lane.key, ms, now);
  }

  #askForTurn(): void {
    if (this.#turnAsked) return;
    this.#turnAsked = true;
    this.#clock.nextTurn(() => this.#turn());
  }

  #turn(): void {
    this.#turnAsked = false;
    if (this.#isAccepting) {
      this.#isAccepting = false;
      if (this.#clock.now() - this.#ranAt < SLICE_MS) {
        this.#askForTurn();
        return;
      }
    }
    this.#spent = 0;
    let next = this.#lanes.next(this.#clock.now());
    while (next !== undefined && this.#spent < SLICE_MS) {
      if (next.paused.length + next.work.length === 0) this.#queued -= 1;
      this.#lanes.shift(next)?.();
      next = this.#lanes.next(this.#clock.now());
    }
    this.#ranAt = this.#clock.now();
    if (next !== undefined) this.#askForTurn();
    else this.#askForRested();
  }

  /** Schedules a turn for when the first paused key may continue. */
  #askForRested(): void {
    if (this.#isTimerSet) return;
    const { restedAt } = this.#lanes;
    if (restedAt === undefined) return;
    this.#isTimerSet = true;
    this.#clock.after(Math.max(1, restedAt - this.#clock.now()), () => {
      this.#isTimerSet = false;
      this.#askForTurn();
    });
  }
}
