import { type CreateEndError, subscriberTooSlow } from './errors.ts';
import type { WatchEvent } from './types.ts';

/** The result of `tryNext`: a value or the end, or a promise while a value is being processed. */
export type NextResult<T> = IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>>;

/** The waiting consumer of a `SyncAsyncIterator`. */
export interface ReadyListener {
  /** Called when a result is ready. Must not throw. */
  onReady(): void;
}

/**
 * An async iterator that can also be read synchronously, which saves several promises per event and subscriber. It has
 * one consumer, which uses either `next` or `tryNext` and `notifyWhenReady` at a time.
 */
export interface SyncAsyncIterator<T> extends AsyncIterator<T, undefined> {
  /** Returns the next result, or undefined if none is ready. Throws the error with which `next` would reject. */
  tryNext(): NextResult<T> | undefined;
  /** Calls the listener once when a result is ready. May be called only after `tryNext` has returned undefined. */
  notifyWhenReady(listener: ReadyListener): void;
}

export function isSyncAsyncIterator<T>(iterator: AsyncIterator<T>): iterator is SyncAsyncIterator<T> {
  return tryNext in iterator && notifyWhenReady in iterator;
}

// Checked by the compiler: a name that is out of date would take the slow way without a failure.
const tryNext = 'tryNext' satisfies keyof SyncAsyncIterator<unknown>;
const notifyWhenReady = 'notifyWhenReady' satisfies keyof SyncAsyncIterator<unknown>;

type Result<T> = IteratorResult<WatchEvent<T>, undefined>;

interface Waiter<T> {
  resolve(result: Result<T>): void;
  reject(error: Error): void;
}

export interface SubscriptionOptions<T> {
  /** Called at the first `next()`. Its rejection ends the subscription. */
  readonly open: (subscription: Subscription<T>) => Promise<void>;
  readonly match?: ((object: T) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The cursor for an error before the first event. */
  readonly after?: string | undefined;
  /** Called with every live event when it is read, but not with snapshots and missed events. */
  readonly onTaken?: ((event: WatchEvent<T>) => void) | undefined;
  /** The maximum number of unread live events. Another event ends the subscription. */
  readonly maxBuffered: number;
}

/**
 * The unread events of one subscriber. Subscribers share event objects.
 */
export class Subscription<T>
  implements AsyncIterableIterator<WatchEvent<T>, undefined>, SyncAsyncIterator<WatchEvent<T>>
{
  readonly #options: SubscriptionOptions<T>;
  #isOpened = false;
  /**
   * The snapshot or the missed events, which the list or the log limits, so that they do not count as buffered.
   */
  #backlog: readonly WatchEvent<T>[] | undefined;
  #backlogRead = 0;
  /** Undefined while it is empty, to save memory. */
  #queue: WatchEvent<T>[] | undefined;
  #queueRead = 0;
  #batch: object | undefined;
  #waiters: Waiter<T>[] | undefined;
  #reader: ReadyListener | undefined;
  #hasEnded = false;
  #error: Error | undefined;
  #lastRead: WatchEvent<T> | undefined;
  #cleanups: (() => void)[] | undefined;

  constructor(options: SubscriptionOptions<T>) {
    this.#options = options;
  }

  /** True once no more events will be sent; earlier ones may still be unread. */
  get ended(): boolean {
    return this.#hasEnded;
  }

  get idle(): boolean {
    return this.#backlog === undefined && this.#queue === undefined;
  }

  wants(object: T | null): boolean {
    const { match } = this.#options;
    return object === null || match === undefined || match(object);
  }

  /** Calls `run` once when the subscription ends for any reason, or at once if it has ended. */
  onEnd(run: () => void): void {
    if (this.#hasEnded) run();
    else if (this.#cleanups === undefined) this.#cleanups = [run];
    else this.#cleanups.push(run);
  }

  /** Sends the events that come before live ones, already filtered. */
  begin(backlog: readonly WatchEvent<T>[]): void {
    if (this.#hasEnded) return;
    this.#backlog = backlog.length > 0 ? backlog : undefined;
    this.#backlogRead = 0;
    this.#settleWaiters();
  }

  /**
   * Sends a live event. Events of one `batch` arrive at once, so that no subscriber can read between them. The limit is
   * checked only when a new batch begins.
   */
  push(event: WatchEvent<T>, batch: object): void {
    if (this.#hasEnded) return;
    try {
      if (!this.wants(event.object)) return;
    } catch (error) {
      // An exception in one subscriber's filter must not keep the event from the others.
      this.fail(() => toError(error));
      return;
    }
    if (batch !== this.#batch && this.#unread >= this.#options.maxBuffered) {
      this.fail(subscriberTooSlow(this.#options.maxBuffered));
      return;
    }
    this.#batch = batch;
    this.#queue ??= [];
    this.#queue.push(event);
    this.#settleWaiters();
  }

  complete(): void {
    this.#end();
    this.#settleWaiters();
  }

  /** Ends the subscription now. Unread events are dropped, because the error's cursor resumes before them. */
  fail(createError: CreateEndError): void {
    if (this.#hasEnded) return;
    this.#error = createError(this.#lastRead?.cursor ?? this.#options.after);
    this.#clear();
    this.#end();
    this.#settleWaiters();
  }

  next(): Promise<Result<T>> {
    try {
      const ready = this.tryNext();
      if (ready !== undefined) return Promise.resolve(ready);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiters ??= [];
      this.#waiters.push({ resolve, reject });
    });
  }

  tryNext(): Result<T> | undefined {
    if (!this.#isOpened) this.#start();
    const event = this.#nextUnread();
    if (event !== undefined) {
      this.#lastRead = event;
      return { done: false, value: event };
    }
    if (!this.#hasEnded) return undefined;
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  notifyWhenReady(reader: ReadyListener): void {
    this.#reader = reader;
  }

  return(): Promise<Result<T>> {
    this.#clear();
    this.#error = undefined;
    this.#end();
    this.#settleWaiters();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#isOpened = true;
    const { signal, open } = this.#options;
    if (signal?.aborted) this.#end();
    if (this.#hasEnded) return;
    if (signal !== undefined) {
      const stop = () => void this.return();
      signal.addEventListener('abort', stop, { once: true });
      this.onEnd(() => signal.removeEventListener('abort', stop));
    }
    open(this).catch((error: unknown) => this.fail(() => toError(error)));
  }

  #nextUnread(): WatchEvent<T> | undefined {
    if (this.#backlog !== undefined) {
      const event = this.#backlog[this.#backlogRead];
      this.#backlogRead += 1;
      if (this.#backlogRead === this.#backlog.length) {
        this.#backlog = undefined;
        this.#backlogRead = 0;
      }
      return event;
    }
    if (this.#queue === undefined) return undefined;
    const event = this.#queue[this.#queueRead];
    this.#queueRead += 1;
    if (event !== undefined) this.#options.onTaken?.(event);
    if (this.#queueRead === this.#queue.length) {
      this.#queue = undefined;
      this.#queueRead = 0;
    } else if (this.#queueRead >= this.#options.maxBuffered) {
      // Cut rarely, so that reading an event does not copy the rest.
      this.#queue = this.#queue.slice(this.#queueRead);
      this.#queueRead = 0;
    }
    return event;
  }

  get #unread(): number {
    return this.#queue === undefined ? 0 : this.#queue.length - this.#queueRead;
  }

  #settleWaiters(): void {
    while (this.#waiters !== undefined && this.#waiters.length > 0) {
      try {
        const result = this.tryNext();
        if (result === undefined) return;
        this.#waiters.shift()?.resolve(result);
      } catch (error) {
        this.#waiters.shift()?.reject(toError(error));
      }
    }
    this.#ready();
  }

  #ready(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.onReady();
  }

  #clear(): void {
    this.#backlog = undefined;
    this.#backlogRead = 0;
    this.#queue = undefined;
    this.#queueRead = 0;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const cleanups = this.#cleanups;
    this.#cleanups = undefined;
    if (cleanups !== undefined) for (const cleanup of cleanups) cleanup();
  }
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
