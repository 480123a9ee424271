import { encode } from './codec.ts';
import {
  type Batch,
  checkProgress,
  type Journal,
  type JournalReader,
  type LogOffset,
  newEpoch,
  type ObservedObject,
} from './journal.ts';
import { type Entry, type Head, LevelLog } from './level-log.ts';
import {
  eventKey,
  type LevelStore,
  type Operation,
  objectKey,
  type UnwatchedLogs,
  unwatchedKey,
} from './level-store.ts';
import { offsetOf } from './log-offset.ts';

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
  /** Loads one log after the other, in the order in which they are opened. */
  readonly inTurn: (load: () => Promise<void>) => Promise<void>;
  /** Called when the store cannot be written; from then on this log is in memory only. */
  readonly onError: (error: unknown) => void;
  /** Called when the journal will not be started again. */
  readonly onForget: () => void;
}

/**
 * One log in the store. A batch is written atomically before it is published, so that the store is consistent after a
 * crash.
 */
export class LevelJournal<T> implements Journal<T> {
  readonly #options: LevelJournalOptions<T>;
  readonly #reader: JournalReader<T>;
  readonly #log: LevelLog;
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
    this.#log = new LevelLog(options.store, options.log);
  }

  /** Whether a batch is not published yet. */
  get isWriting(): boolean {
    return this.#pendingWrites > 0;
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
      this.#loading ??= this.#options.inTurn(() => this.#load());
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
    checkProgress(batch);
    if (this.#pendingWrites === 0 && this.#isUnchanged(batch)) {
      this.#reader.onCommitted(batch);
      return;
    }
    this.#pendingWrites += 1;
    this.#queue(() => this.#store(batch));
    this.#lastWrite = this.#lastWrite.then(() => {
      this.#pendingWrites -= 1;
      this.#reader.onCommitted(batch);
    });
  }

  requestRead(): void {}

  forget(): void {
    this.#options.onForget();
  }

  /** Deletes the log from the store, unless it has a subscriber. The next subscriber stores it again. */
  drop(): void {
    // A subscriber that arrived before the log's age was known waits for its deletion.
    if (this.#isStarted && this.#head !== undefined) return;
    if (this.#head !== undefined) this.#loading = undefined;
    this.#head = undefined;
    const forget = () => {
      this.#isStored = false;
      this.#storedOffsets = [];
    };
    forget();
    this.#queue(() => {
      // Batches that were pending may have stored the log again.
      forget();
      return this.#log.clear();
    });
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
    if (!this.#isStored) return;
    const operation = this.#unwatchedSince();
    this.#queue(() => this.#options.store.batch([operation]));
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
    try {
      await this.#options.previousWritesDone();
      await this.#lastWrite;
      const head = await this.#log.readHead();
      if (head !== undefined) await this.#restore(head);
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
    const snapshot = await this.#log.read<T>(head, (object) => this.#reader.idOf(object));
    this.#head = head;
    this.#isStored = true;
    this.#storedOffsets = snapshot.records.map(offsetOf);
    this.#reader.onRestored(snapshot);
  }

  /** Whether a batch changes nothing in the store. */
  #isUnchanged({ records, patch, read, progress, asOf }: Batch<T>): boolean {
    if (records.length > 0 || patch.size > 0) return false;
    const published = this.#unstoredObjects();
    if (published !== undefined && published.size > 0) return false;
    if (!this.#isStored && !this.#options.storesEmptyLog) return true;
    const isComplete = read !== undefined || this.#reader.state.objects !== undefined;
    return progress === undefined && asOf === undefined && (!isComplete || this.#head?.complete === true);
  }

  /**
   * The objects that the first batch stores, because the store may have deleted a log that this process still knows.
   */
  #unstoredObjects(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    const { objects, partial } = this.#reader.state;
    return this.#isStored ? undefined : (objects ?? partial);
  }

  /** Stores a batch when all earlier ones are stored and published. */
  async #store(batch: Batch<T>): Promise<void> {
    if (this.#isUnchanged(batch)) return;
    const isFirst = !this.#isStored;
    const { last, state } = this.#reader;
    const known = isFirst ? { ...state, base: last, complete: state.objects !== undefined } : this.#head;
    let base = known?.base ?? last;
    const entries = this.#entries(batch, (offset) => {
      base = offset;
    });
    await this.#log.write(entries, () => {
      const head = {
        base,
        complete: known?.complete === true || batch.read !== undefined,
        progress: batch.progress ?? known?.progress,
        asOf: batch.asOf ?? known?.asOf,
      };
      this.#head = head;
      this.#isStored = true;
      return { head, extra: isFirst ? [this.#unwatchedSince()] : [] };
    });
  }

  /** Encodes one entry after the other. `setBase` is called when old changes are deleted. */
  *#entries({ records, patch }: Batch<T>, setBase: (base: LogOffset) => void): Iterable<Entry> {
    const { keepEvents } = this.#options;
    for (const [id, observed] of this.#unstoredObjects() ?? [])
      if (!patch.has(id)) yield [objectKey(id), encode(observed)];
    for (const [id, observed] of patch) yield [objectKey(id), observed === undefined ? '' : encode(observed)];
    for (const record of records) {
      yield [eventKey(record.sequence), encode(record)];
      this.#storedOffsets.push(offsetOf(record));
    }
    if (this.#storedOffsets.length < 2 * keepEvents) return;
    const old = this.#storedOffsets.splice(0, this.#storedOffsets.length - keepEvents);
    for (const { sequence } of old) yield [eventKey(sequence), ''];
    const base = old.at(-1);
    if (base !== undefined) setBase(base);
  }
}
