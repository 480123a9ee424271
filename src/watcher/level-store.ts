import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';
import type { Clock, WallMs } from '../upstream/index.ts';
import { unwatchedLogTtlMs } from './journal.ts';

/** Any store of the level family: LevelDB in a folder, or in memory for tests. */
export type LevelStore = AbstractLevel<string | Buffer | Uint8Array, string, string>;
export type Operation = AbstractBatchOperation<LevelStore, string, string>;

/**
 * A log lies in the store under `<log>!head`, `<log>!object!<id>` and `<log>!event!<sequence>`; `unwatched!<log>` says since when it has
 * had no subscriber, in ms since the epoch; it is empty while the log is watched.
 */
export const headKey = (log: string): string => `${log}!head`;
export const objectKey = (log: string, id: string): string => `${log}!object!${id}`;
export const eventKey = (log: string, sequence: number): string => `${log}!event!${sortable(sequence)}`;
export const unwatchedKey = (log: string): string => `unwatched!${log}`;

/** The key that signs cursors, as base64url. It has no `!`, so it is part of no log. */
export const cursorKeyKey = 'cursorKey';

/** Sequences as text that sorts as they do. */
const sortable = (sequence: number) => String(sequence).padStart(16, '0');

/** What lies under keys that begin with a prefix that ends in `!`, by the rest of the key, in the order of the keys. */
export async function* entriesUnder(store: LevelStore, prefix: string): AsyncIterable<[string, string]> {
  for await (const [key, value] of store.iterator(rangeOf(prefix))) yield [key.slice(prefix.length), value];
}

/** Takes a log out of the store. What makes it a log goes first, so that after a crash in the midst of it no half of one is taken for the whole. */
export async function clearLog(store: LevelStore, log: string): Promise<void> {
  await store.del(headKey(log));
  await store.clear(rangeOf(`${log}!`));
  await store.del(unwatchedKey(log));
}

// '"' is the character behind '!'.
const rangeOf = (prefix: string) => ({ gt: prefix, lt: `${prefix.slice(0, -1)}"` });

/** Each object may have a log of its own: no more than this are kept without a subscriber. */
const maxUnwatchedLogs = 10_000;

/** Since when stored logs have had no subscriber. Drops those that had none for too long, and the oldest of too many. */
export class UnwatchedLogs {
  readonly #clock: Clock;
  readonly #drop: (log: string) => void;
  /** Dates, as they have to outlive the process; the earliest first. */
  #since = new Map<string, WallMs>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: Clock, drop: (log: string) => void) {
    this.#clock = clock;
    this.#drop = drop;
  }

  /** The date, as it is noted in the store. */
  now(): WallMs {
    return this.#clock.wallMs();
  }

  /** What an earlier process has left. */
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

  /** Leaves no timer behind. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #dropOld(): void {
    this.#cancelTimer?.();
    if (this.#isClosed) return;
    for (const [log, since] of this.#since) {
      // A date ahead of the clock is of a clock that was stepped back since: such a log is not kept for longer than any other.
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
