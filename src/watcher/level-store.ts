import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';
import type { Clock, WallMs } from '../upstream/index.ts';
import { unwatchedLogTtlMs } from './journal.ts';

/** Any store of the level family: LevelDB in a folder, or in memory for tests. */
export type LevelStore = AbstractLevel<string | Buffer | Uint8Array, string, string>;
export type Operation = AbstractBatchOperation<LevelStore, string, string>;

/**
 * A log has the keys `<log>!head`, `<log>!object!<id>` and `<log>!event!<sequence>`. `<log>!redo!…` holds the entries
 * of a long batch until it is applied. `unwatched!<log>` is the time since which it has had no subscriber, in ms since
 * the epoch; it is empty while the log has one.
 */
export const logPrefix = (log: string): string => `${log}!`;
export const unwatchedKey = (log: string): string => `unwatched!${log}`;
/** The parts of keys after `<log>!`. */
export const headKey = 'head';
export const objectPrefix = 'object!';
export const eventPrefix = 'event!';
export const redoPrefix = 'redo!';
export const objectKey = (id: string): string => `${objectPrefix}${id}`;
export const eventKey = (sequence: number): string => `${eventPrefix}${sortable(sequence)}`;

/** The key that signs cursors, as base64url. It has no `!`, so it is part of no log. */
export const cursorKeyKey = 'cursorKey';

/** Pads a sequence, so that keys sort by number. */
const sortable = (sequence: number) => String(sequence).padStart(16, '0');

/** The maximum number of entries that are read or written together. */
export const maxPageEntries = 1_000;
/** LevelDB reads pages of about this size, in bytes. Its default of 16 KB is slow for large logs. */
const highWaterMarkBytes = 256 * 1024;

/**
 * Iterates over the entries whose keys begin with a prefix that ends in `!`, in the order of keys, a page at a time.
 * Yields the rest of each key with its value.
 */
export async function* pagesUnder(store: LevelStore, prefix: string): AsyncIterable<readonly [string, string][]> {
  const options = { ...rangeOf(prefix), highWaterMarkBytes };
  const iterator = store.iterator(options);
  try {
    for (;;) {
      const page = await iterator.nextv(maxPageEntries);
      if (page.length === 0) return;
      yield page.map(([key, value]) => [key.slice(prefix.length), value]);
    }
  } finally {
    await iterator.close();
  }
}

/** Deletes the entries whose keys begin with a prefix that ends in `!`. */
export const clearUnder = (store: LevelStore, prefix: string): Promise<void> => store.clear(rangeOf(prefix));

/** Deletes a log from the store. The head goes first, so that a crash leaves no partial log that looks complete. */
export async function clearLog(store: LevelStore, log: string): Promise<void> {
  await store.del(`${logPrefix(log)}${headKey}`);
  await clearUnder(store, logPrefix(log));
  await store.del(unwatchedKey(log));
}

// '"' is the character after '!'.
const rangeOf = (prefix: string) => ({ gt: prefix, lt: `${prefix.slice(0, -1)}"` });

/** The maximum number of logs without subscribers. Each object may have its own log. */
const maxUnwatchedLogs = 10_000;

/**
 * Tracks since when stored logs have had no subscriber. Deletes logs that are too old or too many, the oldest first.
 */
export class UnwatchedLogs {
  readonly #clock: Clock;
  readonly #drop: (log: string) => void;
  /** Wall-clock times, because they outlive the process; the earliest first. */
  #since = new Map<string, WallMs>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: Clock, drop: (log: string) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  now(): WallMs {
    return this.#clock.wallMs();
  }

  /** Adds the logs that an earlier process has stored. */
  addStored(since: ReadonlyMap<string, WallMs>): void {
    this.#since = new Map([...this.#since, ...since].sort(([, a], [, b]) => a - b));
    this.#dropOld();
  }

  remove(log: string): void {
    this.#since.delete(log);
  }

  add(log: string, since: WallMs): void {
    this.#since.delete(log);
    this.#since.set(log, since);
    this.#dropOld();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #dropOld(): void {
    this.#cancelTimer?.();
    if (this.#isClosed) return;
    for (const [log, since] of this.#since) {
      // A time in the future is from before a step back of the clock, and must not keep its log for longer.
      const leftMs = Math.min(since - this.#clock.wallMs(), 0) + unwatchedLogTtlMs;
      if (leftMs > 0 && this.#since.size <= maxUnwatchedLogs) {
        this.#cancelTimer = this.#clock.after(leftMs, () => this.#dropOld());
        return;
      }
      this.#since.delete(log);
      this.#drop(log);
    }
  }
}
