import type { MonotonicClock } from '../upstream/index.ts';
import type { Subscription } from './subscription.ts';

/** Keeps a channel running until it is released. */
export interface ChannelLease {
  /** Resolves when the channel's state is at most a poll interval old. Rejects with the error that ends the channel. */
  ready(): Promise<void>;
  /** Resolves after a complete read that begins later than now. Rejects like `ready`. */
  nextRead(): Promise<void>;
  /** May be called more than once. */
  release(): void;
}

/** Calls `task` every `ms` until the returned function is called. */
export const repeatEvery = (clock: MonotonicClock, ms: number, task: () => void): (() => void) => {
  const repeat = () => {
    cancel = clock.after(ms, repeat);
    task();
  };
  let cancel = clock.after(ms, repeat);
  return () => cancel();
};

/** Acquires a lease that is released when the signal fires, at the latest. */
export const acquireUntil = (channel: { acquire(): ChannelLease }, signal: AbortSignal): ChannelLease => {
  const lease = channel.acquire();
  if (signal.aborted) lease.release();
  else signal.addEventListener('abort', lease.release, { once: true });
  return lease;
};

/** Acquires a lease that is released when the subscription ends, at the latest. */
export const acquireFor = (
  channel: { acquire(): ChannelLease },
  subscription: Pick<Subscription<unknown>, 'onEnd'>,
): ChannelLease => {
  const lease = channel.acquire();
  subscription.onEnd(lease.release);
  return lease;
};

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

interface ReadWaiter extends Waiter {
  /** The number of the first read of this process that resolves the waiter. */
  from: number;
  /** The number of the first request to another process whose answer resolves the waiter. */
  request: number;
}

const wait = <W extends Waiter>(waiters: Set<W>, more: Omit<W, keyof Waiter>): Promise<void> =>
  new Promise((resolve, reject) => waiters.add({ ...more, resolve, reject } as W));

const settle = <W extends Waiter>(waiters: Set<W>, done: (waiter: W) => boolean): void => {
  for (const waiter of [...waiters]) {
    if (!done(waiter)) continue;
    waiters.delete(waiter);
    waiter.resolve();
  }
};

/** Callers that wait until a watched list is read, by this process or another one. */
export class ReadWaiters {
  readonly #fresh = new Set<Waiter>();
  readonly #reads = new Set<ReadWaiter>();
  #requests = 0;

  /** Resolves when the list has been read in this run. */
  untilFresh(): Promise<void> {
    return wait(this.#fresh, {});
  }

  /** Resolves after this process's read with this number, or a later one. */
  untilRead(from: number): Promise<void> {
    return wait<ReadWaiter>(this.#reads, { from, request: this.#requests + 1 });
  }

  /** Returns the number of a new request to another process, whose answer resolves all present waiters. */
  addRequest(): number {
    this.#requests += 1;
    for (const waiter of this.#reads) waiter.request = Math.min(waiter.request, this.#requests);
    return this.#requests;
  }

  /** The number of the last request; undefined when no caller waits for its answer. */
  get pendingRequest(): number | undefined {
    return this.#reads.size === 0 ? undefined : this.#requests;
  }

  /** This process reads the list from now on, beginning with this number. */
  restartFrom(from: number): void {
    for (const waiter of this.#reads) waiter.from = from;
  }

  onRead(number: number, fresh: boolean): void {
    if (fresh) this.onFresh();
    settle(this.#reads, ({ from }) => from <= number);
  }

  onFresh(): void {
    settle(this.#fresh, () => true);
  }

  onRequestCompleted(upTo: number): void {
    settle(this.#reads, ({ request }) => request <= upTo);
  }

  reject(reason: Error): void {
    const waiters = [...this.#fresh, ...this.#reads];
    this.#fresh.clear();
    this.#reads.clear();
    for (const { reject } of waiters) reject(reason);
  }
}
