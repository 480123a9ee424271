import type { Principal } from '../principal/index.ts';
import { type Clock, UpstreamError } from '../upstream/index.ts';
import {
  type ChangedList,
  type ObjectFilter,
  WatchError,
  type WatchEvent,
  type WatchedList,
  type Watcher,
} from '../watcher/index.ts';
import { delayAfter } from './backoff.ts';
import { listsOfType, type NotifiedList } from './events/objects.ts';

type ListWatcher = Pick<Watcher, 'watch' | 'watchList'>;

export type NotifiedEvent = WatchEvent<unknown>;

export interface ListReaderOptions {
  readonly watcher: ListWatcher;
  readonly principal: Principal;
  readonly list: NotifiedList;
  readonly filter?: ObjectFilter<never> | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Where the next subscription begins; undefined: with a snapshot. */
  readonly cursor: () => string | undefined;
  /** Called with the next events, at most `maxEvents`. Reading continues when it resolves. */
  readonly onEvents: (events: readonly NotifiedEvent[]) => Promise<void>;
  /** Called before each subscription. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Called with a cursor that is not valid any more, as the settings have changed. */
  readonly onInvalidCursor?: (() => Promise<void>) | undefined;
  readonly onError: (error: string | undefined) => void;
  /** Called when `onEvents` rejects. The reader ends then. */
  readonly onFatal: (error: unknown) => void;
}

export const maxEvents = 200;
/** The time between two subscriptions to a list that cannot be watched, in ms. */
const delays = { minDelayMs: 1_000, maxDelayMs: 300_000 };

const sweptLists: ReadonlySet<NotifiedList> = new Set(
  (['account', 'organizationalUnit', 'policy', 'policyAttachment', 'delegatedAdministrator'] as const).flatMap(
    (type) => listsOfType[type],
  ),
);

/** Reads a list's events until its signal fires, over all interruptions. */
export class ListReader {
  readonly #options: ListReaderOptions;

  constructor(options: ListReaderOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { signal, onFatal } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#options.prepare?.();
        await this.#read(() => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof EventsError) return onFatal(error.cause);
        if (!(await this.#handle(error))) failures += 1;
      }
      if (failures > 0) await this.#wait(delayAfter(failures, delays, this.#options.random));
    }
  }

  /** Returns whether the list may be read again at once. */
  async #handle(error: unknown): Promise<boolean> {
    const { onError, onInvalidCursor } = this.#options;
    if (error instanceof WatchError) {
      if (error.code === 'SUBSCRIBER_TOO_SLOW') return true;
      if (error.code === 'INVALID_CURSOR' && onInvalidCursor !== undefined) {
        await onInvalidCursor();
        return true;
      }
      if (error.code === 'GOING_AWAY') return false;
    }
    const isExpected = error instanceof WatchError || error instanceof UpstreamError;
    onError(isExpected ? error.message : 'an unexpected error, please report it');
    return false;
  }

  async #read(onRead: () => void): Promise<void> {
    const { onEvents, onError, signal } = this.#options;
    const iterator = this.#subscribe();
    let next = iterator.next();
    next.catch(() => undefined);
    try {
      for (;;) {
        const first = await next;
        if (first.done === true) return;
        const events = [first.value];
        next = iterator.next();
        next.catch(() => undefined);
        // Events that are there already are added together.
        while (events.length < maxEvents) {
          const ready = await Promise.race([next, nothing()]);
          if (ready === undefined || ready.done === true) break;
          events.push(ready.value);
          next = iterator.next();
          next.catch(() => undefined);
        }
        if (signal.aborted) return;
        onRead();
        onError(undefined);
        await onEvents(events).catch((error: unknown) => {
          throw new EventsError(error);
        });
      }
    } finally {
      await iterator.return?.();
    }
  }

  #subscribe(): AsyncIterator<NotifiedEvent> {
    const { watcher, principal, list, filter, signal } = this.#options;
    const after = this.#options.cursor();
    return sweptLists.has(list)
      ? watcher.watchList(principal, list as ChangedList, { after, filter, signal })
      : watcher.watch(principal, list as WatchedList, { after, signal });
  }

  #wait(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.after(ms, done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** `onEvents` has failed. */
class EventsError extends Error {
  constructor(cause: unknown) {
    super('The events of a list cannot be kept.', { cause });
  }
}

/** Resolves when a promise that is settled already would have. */
const nothing = (): Promise<undefined> => new Promise((resolve) => void setImmediate(resolve, undefined));
