import { decode, encode } from './codec.ts';
import {
  type Batch,
  type Journal,
  type JournalReader,
  type LogOffset,
  type LogRecord,
  newEpoch,
  type ObservedObject,
} from './journal.ts';
import {
  clearLog,
  entriesUnder,
  eventKey,
  headKey,
  type LevelStore,
  type Operation,
  objectKey,
  type UnwatchedLogs,
  unwatchedKey,
} from './level-store.ts';

export interface LevelJournalOptions<T> {
  readonly store: LevelStore;
  readonly log: string;
  readonly reader: JournalReader<T>;
  readonly keepEvents: number;
  /** Whether an empty log is stored: useful for lists, but any number of described objects may not exist. */
  readonly storesEmptyLog: boolean;
  readonly unwatched: UnwatchedLogs;
  /** Resolves when earlier writes to this log are done. */
  readonly previousWritesDone: () => Promise<void>;
  /** Called when the store cannot be written; from then on this log is in memory only. */
  readonly onError: (error: unknown) => void;
  /** Called when the journal will not be started again. */
  readonly onForget: () => void;
}

/** The state of a log beside its objects and changes. */
interface Head {
  /** The offset before the oldest stored change. */
  readonly base: LogOffset;
  /** Whether the list was read completely once. */
  readonly complete: boolean;
}

/**
 * One log in the store. A batch is written atomically before it is published, so that the store is consistent after a
 * crash.
 */
export class LevelJournal<T> implements Journal<T> {
  readonly #options: LevelJournalOptions<T>;
  readonly #reader: JournalReader<T>;
  /** One epoch per process, so that its numbers are not mistaken for equal numbers in a lost part of the store. */
  readonly #epoch = newEpoch();
  /** The head in the store, or the one that would be there if it could be written. */
  #head: Head | undefined;
  #isStored = false;
  #storedOffsets: LogOffset[] = [];
  #loading: Promise<void> | undefined;
  #isStarted = false;
  #hasFailed = false;
  #pendingWrites = 0;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(options: LevelJournalOptions<T>) {
    this.#options = options;
    this.#reader = options.reader;
  }

  get written(): Promise<void> {
    return this.#lastWrite;
  }

  /** Resolves when no load or write is in flight. */
  get idle(): Promise<unknown> {
    return Promise.all([this.#loading, this.#lastWrite]);
  }

  start(): void {
    this.#isStarted = true;
    // First, so that the log is not deleted while it is loaded.
    this.#options.unwatched.remove(this.#options.log);
    if (this.#head === undefined) {
      this.#loading ??= this.#load();
      return;
    }
    this.#storeUnwatchedSince();
    this.#reader.lead(this.#epoch);
  }

  stop(): void {
    this.#isStarted = false;
    this.#storeUnwatchedSince();
  }

  commit(batch: Batch<T>): void {
    const operations = this.#operations(batch);
    if (this.#pendingWrites === 0 && operations.length === 0) {
      this.#reader.onCommitted(batch);
      return;
    }
    this.#pendingWrites += 1;
    this.#write(operations);
    this.#lastWrite = this.#lastWrite.then(() => {
      this.#pendingWrites -= 1;
      this.#reader.onCommitted(batch);
    });
  }

  ask(): void {}

  forget(): void {
    this.#options.onForget();
  }

  /** Deletes the log from the store, unless it has a subscriber. The next subscriber stores it again. */
  drop(): void {
    // A subscriber that arrived before the log's age was known waits for its deletion.
    if (this.#isStarted && this.#head !== undefined) return;
    if (this.#head !== undefined) this.#loading = undefined;
    this.#head = undefined;
    this.#isStored = false;
    this.#storedOffsets = [];
    this.#queue(() => clearLog(this.#options.store, this.#options.log));
  }

  #write(operations: Operation[]): void {
    if (operations.length > 0) this.#queue(() => this.#options.store.batch(operations));
  }

  #queue(write: () => Promise<void>): void {
    this.#lastWrite = this.#lastWrite.then(async () => {
      if (this.#hasFailed) return;
      try {
        await write();
      } catch (error) {
        this.#hasFailed = true;
        this.#options.onError(error);
      }
    });
  }

  #storeUnwatchedSince(): void {
    if (this.#isStored) this.#write([this.#unwatchedSince()]);
  }

  /** Updates the unwatched logs, and returns the operation that does the same in the store. */
  #unwatchedSince(): Operation {
    const { log, unwatched } = this.#options;
    const since = unwatched.now();
    if (this.#isStarted) unwatched.remove(log);
    else unwatched.add(log, since);
    return { type: 'put', key: unwatchedKey(log), value: this.#isStarted ? '' : String(since) };
  }

  async #load(): Promise<void> {
    const { store, log, previousWritesDone } = this.#options;
    try {
      await previousWritesDone();
      await this.#lastWrite;
      const head = await store.get(headKey(log));
      if (head !== undefined) await this.#restore(decode(head) as Head);
      else this.#head = { base: this.#reader.last, complete: false };
    } catch (error) {
      this.#loading = undefined;
      if (this.#isStarted) this.#reader.onFailed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#storeUnwatchedSince();
    if (this.#isStarted) this.#reader.lead(this.#epoch);
  }

  async #restore(head: Head): Promise<void> {
    const { store, log } = this.#options;
    const objects = new Map<string, ObservedObject<T>>();
    for await (const [id, value] of entriesUnder(store, objectKey(log, '')))
      objects.set(id, decode(value) as ObservedObject<T>);
    const records: LogRecord<T>[] = [];
    for await (const [, value] of entriesUnder(store, `${log}!event!`)) records.push(decode(value) as LogRecord<T>);
    this.#head = head;
    this.#isStored = true;
    this.#storedOffsets = records.map(({ epoch, sequence }) => ({ epoch, sequence }));
    this.#reader.onRestored({ base: head.base, records, objects: head.complete ? objects : undefined });
  }

  #operations({ records, patch, read }: Batch<T>): Operation[] {
    const { log, keepEvents, storesEmptyLog } = this.#options;
    const published = this.#isStored ? undefined : this.#reader.objects;
    // The first batch stores all objects, because the store may have deleted a log that this process still knows.
    const all = published === undefined ? patch : new Map([...published, ...patch]);
    if (!this.#isStored && all.size === 0 && records.length === 0 && !storesEmptyLog) return [];
    const operations: Operation[] = [];
    const put = (key: string, value: unknown) => operations.push({ type: 'put', key, value: encode(value) });
    const del = (key: string) => operations.push({ type: 'del', key });
    for (const [id, observed] of all) {
      if (observed === undefined) del(objectKey(log, id));
      else put(objectKey(log, id), observed);
    }
    for (const record of records) {
      put(eventKey(log, record.sequence), record);
      this.#storedOffsets.push({ epoch: record.epoch, sequence: record.sequence });
    }
    let { base, complete }: Head = this.#head ?? { base: this.#reader.last, complete: false };
    if (this.#storedOffsets.length >= 2 * keepEvents) {
      const old = this.#storedOffsets.splice(0, this.#storedOffsets.length - keepEvents);
      for (const { sequence } of old) del(eventKey(log, sequence));
      base = old.at(-1) ?? base;
    }
    complete ||= read !== undefined || published !== undefined;
    if (operations.length > 0 || complete !== this.#head?.complete) {
      this.#head = { base, complete };
      put(headKey(log), this.#head);
    }
    if (operations.length > 0 && !this.#isStored) {
      this.#isStored = true;
      operations.push(this.#unwatchedSince());
    }
    return operations;
  }
}
