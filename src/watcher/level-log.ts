import type { WallMs } from '../upstream/index.ts';
import { decode, encode } from './codec.ts';
import type { LogOffset, LogRecord, LogSnapshot, ObservedObject } from './journal.ts';
import {
  clearLog,
  clearUnder,
  eventPrefix,
  headKey,
  type LevelStore,
  logPrefix,
  maxPageEntries,
  type Operation,
  objectPrefix,
  pagesUnder,
  redoPrefix,
} from './level-store.ts';
import { TimeSlice } from './time-slice.ts';

/** The state of a log beside its objects and changes. */
export interface Head {
  /** The offset before the oldest stored change. */
  readonly base: LogOffset;
  /** Whether the list was read completely once. */
  readonly complete: boolean;
  /** See `Batch.progress`. */
  readonly progress?: string | undefined;
  /** See `Batch.asOf`. */
  readonly asOf?: WallMs | undefined;
}

/** `redo`: whether the redo entries belong to the log, and have to be applied. */
type StoredHead = Head & { readonly redo?: true };

/** A key without its log, and the value; '' deletes the entry. */
export type Entry = readonly [key: string, value: string];

/** Entries that are longer together are written separately; in characters. */
const MAX_PAGE_LENGTH = 512 * 1024;

/**
 * The entries of one log. A batch of any length is written atomically, in pages that block neither the event loop nor
 * other writes: a long one is first written as redo entries, takes effect with the head, and is then applied. A crash
 * in between leaves redo entries without effect, or redo entries that the next load applies.
 */
export class LevelLog {
  readonly #store: LevelStore;
  readonly #log: string;
  readonly #prefix: string;

  constructor(store: LevelStore, log: string) {
    this.#store = store;
    this.#log = log;
    this.#prefix = logPrefix(log);
  }

  /** Returns undefined when no log is stored. Removes the leftovers of a batch that was not stored completely. */
  async readHead(): Promise<Head | undefined> {
    const text = await this.#store.get(this.#prefix + headKey);
    if (text === undefined) {
      await clearUnder(this.#store, this.#prefix);
      return undefined;
    }
    const { redo, ...head } = decode(text) as StoredHead;
    if (redo) await this.#applyRedo(head);
    await clearUnder(this.#store, this.#prefix + redoPrefix);
    return head;
  }

  /** `idOf`: the id of an object, so that it is in memory once: a part of a key would hold the whole key. */
  async read<T>(
    { base, complete, progress, asOf }: Head,
    idOf: (object: T) => string | undefined,
  ): Promise<LogSnapshot<T>> {
    const slice = new TimeSlice();
    const objects = new Map<string, ObservedObject<T>>();
    for await (const page of pagesUnder(this.#store, this.#prefix + objectPrefix)) {
      for (const [id, value] of page) {
        const observed = decode(value) as ObservedObject<T>;
        objects.set(idOf(observed.object) ?? id, observed);
        if (slice.isOver) await slice.next();
      }
    }
    const records: LogRecord<T>[] = [];
    for await (const page of pagesUnder(this.#store, this.#prefix + eventPrefix)) {
      for (const [, value] of page) {
        records.push(decode(value) as LogRecord<T>);
        if (slice.isOver) await slice.next();
      }
    }
    const state = complete ? { objects } : { objects: undefined, partial: objects };
    return { base, records, progress, asOf, ...state };
  }

  /**
   * Stores entries with the head that `makeHead` returns after the last of them. `extra` is stored at the same time.
   */
  async write(entries: Iterable<Entry>, makeHead: () => { head: Head; extra: readonly Operation[] }): Promise<void> {
    const slice = new TimeSlice();
    let page: Entry[] = [];
    let length = 0;
    let isLong = false;
    for (const entry of entries) {
      if (page.length === maxPageEntries || (length > 0 && length + entry[1].length > MAX_PAGE_LENGTH)) {
        isLong = true;
        await this.#store.batch(this.#redoOperations(page));
        page = [];
        length = 0;
      }
      page.push(entry);
      length += entry[1].length;
      if (slice.isOver) await slice.next();
    }
    if (isLong) await this.#store.batch(this.#redoOperations(page));
    const { head, extra } = makeHead();
    const stored: StoredHead = isLong ? { ...head, redo: true } : head;
    const operations = isLong ? [] : page.map((entry) => this.#operation(entry));
    await this.#store.batch([...operations, this.#headOperation(stored), ...extra]);
    if (isLong) await this.#applyRedo(head);
  }

  clear(): Promise<void> {
    return clearLog(this.#store, this.#log);
  }

  async #applyRedo(head: Head): Promise<void> {
    for await (const page of pagesUnder(this.#store, this.#prefix + redoPrefix))
      await this.#store.batch(page.map((entry) => this.#operation(entry)));
    await this.#store.batch([this.#headOperation(head)]);
    await clearUnder(this.#store, this.#prefix + redoPrefix);
  }

  #headOperation(head: StoredHead): Operation {
    return { type: 'put', key: this.#prefix + headKey, value: encode(head) };
  }

  #operation([rest, value]: Entry): Operation {
    const key = this.#prefix + rest;
    return value === '' ? { type: 'del', key } : { type: 'put', key, value };
  }

  #redoOperations(page: readonly Entry[]): Operation[] {
    return page.map(([rest, value]) => ({ type: 'put', key: this.#prefix + redoPrefix + rest, value }));
  }
}
