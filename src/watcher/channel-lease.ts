import type { Subscription } from './subscription.ts';

/** Keeps a channel going until it is released. */
export interface ChannelLease {
  /** Resolves when what the channel knows is at most a poll interval old; rejects with the error that ended it. */
  ready(): Promise<void>;
  /** Resolves after a complete read that begins later than now; rejects likewise. */
  nextRead(): Promise<void>;
  /** May be called more than once. */
  release(): void;
}

/** A lease that is released when the signal fires, at the latest. */
export const acquireUntil = (channel: { acquire(): ChannelLease }, signal: AbortSignal): ChannelLease => {
  const lease = channel.acquire();
  if (signal.aborted) lease.release();
  else signal.addEventListener('abort', lease.release, { once: true });
  return lease;
};

/** A lease that is released when the subscription ends, at the latest. */
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
  /** Number of the first own read that will do. */
  from: number;
  /** Number of the first question to another process whose answer will do. */
  ask: number;
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

/** Readers that wait until a watched list is read, by this process or another one. */
export class ReadWaiters {
  readonly #fresh = new Set<Waiter>();
  readonly #reads = new Set<ReadWaiter>();
  #asks = 0;

  /** Resolves when the list has been read in this run. */
  untilFresh(): Promise<void> {
    return wait(this.#fresh, {});
  }

  /** Resolves after the own read of this number, or a later one. */
  untilRead(from: number): Promise<void> {
    return wait<ReadWaiter>(this.#reads, { from, ask: this.#asks + 1 });
  }

  /** Number of a question to another process, whose answer does for all that wait now. */
  ask(): number {
    this.#asks += 1;
    for (const waiter of this.#reads) waiter.ask = Math.min(waiter.ask, this.#asks);
    return this.#asks;
  }

  /** Number of the last question, while a reader waits for its answer. */
  get pendingAsk(): number | undefined {
    return this.#reads.size === 0 ? undefined : this.#asks;
  }

  /** From now on the list is read here, first under this number. */
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

  onAnswered(upTo: number): void {
    settle(this.#reads, ({ ask }) => ask <= upTo);
  }

  reject(reason: Error): void {
    const waiters = [...this.#fresh, ...this.#reads];
    this.#fresh.clear();
    this.#reads.clear();
    for (const { reject } of waiters) reject(reason);
  }
}
