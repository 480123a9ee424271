import type { Clock } from '../../upstream/index.ts';
import { repeatEvery } from '../channel-lease.ts';
import { EventLog, type MaterializedList } from '../event-log.ts';
import type { LogOffset, LogRecord } from '../journal.ts';
import type { KeptListName } from '../kept-types.ts';
import { isSameOffset, offsetOf } from '../log-offset.ts';
import { TimeSlice } from '../time-slice.ts';
import { type HistoryChange, type HistoryStore, maxBatchChanges } from './history-types.ts';

/** A list whose changes are stored in the history by the process that leads it. */
export interface HistorySource {
  readonly list: Pick<MaterializedList<unknown>, 'last' | 'since' | 'objects' | 'onRecords' | 'get'>;
  isLeading(): boolean;
}

export interface HistoryWriterOptions {
  readonly store: HistoryStore;
  readonly clock: Clock;
  /** Undefined if a record is no change of the history. */
  readonly changeOf: (list: KeptListName, record: LogRecord<unknown>) => HistoryChange | undefined;
  /** Called when a batch cannot be stored. It is stored later. */
  readonly onError: (error: unknown) => void;
}

/** What a leader before has not stored, and what could not be stored, is stored after this time, in ms. */
const checkIntervalMs = 30_000;
/** So many records of a list wait at least. Older ones are still in its log, or become a gap. */
const maxPendingRecords = 20_000;

/**
 * Stores the changes of lists in a history, each once, also after a crash: the history has the position of each log up
 * to which it was stored, and the next leader continues there.
 */
export class HistoryWriter {
  readonly #options: HistoryWriterOptions;
  readonly #lists = new Map<KeptListName, ListHistory>();
  readonly #stopChecks: () => void;

  constructor(options: HistoryWriterOptions) {
    this.#options = options;
    this.#stopChecks = repeatEvery(options.clock, checkIntervalMs, () => this.check());
  }

  add(name: KeptListName, source: HistorySource): void {
    this.#lists.get(name)?.close();
    this.#lists.set(name, new ListHistory(name, source, this.#options));
  }

  delete(name: KeptListName): void {
    this.#lists.get(name)?.close();
    this.#lists.delete(name);
  }

  /** Stores what the history lacks. */
  check(): void {
    for (const list of this.#lists.values()) list.check();
  }

  /** Resolves when all published changes are stored, or failed to be. */
  async settled(): Promise<void> {
    await Promise.all([...this.#lists.values()].map(({ idle }) => idle));
  }

  close(): void {
    this.#stopChecks();
    for (const list of this.#lists.values()) list.close();
  }
}

/** The maximum number of times that another process changes the history meanwhile. */
const maxConflicts = 5;

/** Stores the changes of one list. */
class ListHistory {
  readonly #name: KeptListName;
  readonly #source: HistorySource;
  readonly #options: HistoryWriterOptions;
  readonly #stopListening: () => void;
  /** Where the history ends; undefined if it is not known. */
  #offset: LogOffset | undefined;
  /** The last records, as long as they are not stored: they may be more than the list's own log has. */
  #pending: EventLog<unknown> | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(name: KeptListName, source: HistorySource, options: HistoryWriterOptions) {
    this.#name = name;
    this.#source = source;
    this.#options = options;
    this.#stopListening = source.list.onRecords((before, records) => this.#onRecords(before, records));
  }

  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  check(): void {
    if (!this.#source.isLeading() || this.#isClosed) return;
    this.#running ??= this.#run()
      .catch((error: unknown) => {
        this.#offset = undefined;
        this.#options.onError(error);
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#pending = undefined;
  }

  #onRecords(before: LogOffset, records: readonly LogRecord<unknown>[]): void {
    const { list } = this.#source;
    if (!this.#source.isLeading()) {
      // The process that leads stores them.
      this.#offset = undefined;
      this.#pending = undefined;
      return;
    }
    const pending = this.#pendingTo(before) ?? new EventLog(offsetOf(before), maxPendingRecords);
    for (const record of records) {
      const isIncomplete = record.type === 'CHANGED' && record.previous === undefined;
      pending.append(isIncomplete ? { ...record, previous: list.get(record.id)?.object } : record);
    }
    this.#pending = pending;
    // The log has the records after this batch is applied.
    queueMicrotask(() => this.check());
  }

  async #run(): Promise<void> {
    const { store } = this.#options;
    for (let conflicts = 0; conflicts < maxConflicts && this.#source.isLeading() && !this.#isClosed; ) {
      this.#offset ??= await store.offset(this.#name);
      const { last } = this.#source.list;
      if (isSameOffset(this.#offset, last)) return;
      const before = this.#offset;
      // Before its first complete read the log has no changes, and may not be stored yet.
      if (before === undefined && this.#source.list.objects === undefined) return;
      const batch = before === undefined ? this.#first() : await this.#batchAfter(before, last);
      const isStored = await store.append({ list: this.#name, before, ...batch });
      this.#offset = isStored ? batch.after : undefined;
      if (!isStored) conflicts += 1;
      else if (this.#pendingTo(batch.after) !== undefined) this.#pending = undefined;
    }
  }

  /** The history of the list begins with the changes that are known now. */
  #first() {
    const { last } = this.#source.list;
    return { after: offsetOf(this.#pendingTo(last)?.base ?? last), changes: [] };
  }

  async #batchAfter(before: LogOffset, last: LogOffset) {
    const records = this.#pendingTo(last)?.since(before) ?? this.#source.list.since(before);
    if (records === undefined) {
      const [latest] = await this.#options.store.read({ limit: 1 });
      const until = this.#options.clock.wallMs();
      const gap = { since: latest?.at ?? until, until };
      return { after: offsetOf(last), changes: [], gap };
    }
    const batch = records.slice(0, maxBatchChanges);
    const slice = new TimeSlice();
    const changes: HistoryChange[] = [];
    for (const record of batch) {
      const change = this.#options.changeOf(this.#name, record);
      if (change !== undefined) changes.push(change);
      if (slice.isOver) await slice.next();
    }
    return { after: offsetOf(batch.at(-1) ?? last), changes };
  }

  /** The pending records, if they end there: not after the list was restored from another log. */
  #pendingTo(end: LogOffset): EventLog<unknown> | undefined {
    return isSameOffset(this.#pending?.last, end) ? this.#pending : undefined;
  }
}
