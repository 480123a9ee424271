import type { WallMs } from '../upstream/index.ts';
import { type CursorKeys, encodeCursor } from './cursor.ts';
import {
  type Batch,
  checkProgress,
  type Journal,
  type JournalReader,
  type JournalStore,
  type LogOffset,
  type LogRecord,
  type LogSnapshot,
  newEpoch,
  type ObservedObject,
} from './journal.ts';
import { changesIn, type ObjectChanges } from './object-changes.ts';
import type { EventRecord, WatchEvent } from './types.ts';

export interface LogName {
  readonly principal: string;
  readonly log: string;
}

type Content<T> = Omit<WatchEvent<T>, 'cursor' | 'record' | 'previous'>;

/**
 * An event at an offset in a log. All subscribers of a scope share one object, whose cursor is created on first use.
 */
class LoggedEvent<T> implements WatchEvent<T> {
  readonly type: WatchEvent<T>['type'];
  readonly reset: boolean;
  readonly previousState: string | null;
  readonly object: T | null;
  readonly observedAt: Date;
  readonly #maker: EventFactory;
  readonly #offset: LogOffset | LogRecord<T>;
  readonly #scope: string;
  #cursor: string | undefined;

  /** `offset`: of a change, the record itself. `scope`: see `Position.scope`. */
  constructor(maker: EventFactory, offset: LogOffset | LogRecord<T>, scope: string, content: Content<T>) {
    this.#maker = maker;
    this.#offset = offset;
    this.#scope = scope;
    this.type = content.type;
    this.reset = content.reset;
    this.previousState = content.previousState;
    this.object = content.object;
    this.observedAt = content.observedAt;
  }

  get record(): EventRecord | undefined {
    const { epoch, sequence } = this.#offset;
    return 'previousState' in this.#offset ? { epoch, sequence, part: 0 } : undefined;
  }

  get previous(): T | undefined {
    return 'previousState' in this.#offset ? this.#offset.previous : undefined;
  }

  get cursor(): string {
    this.#cursor ??= this.#maker.cursor(this.#offset, this.#scope, this.type !== 'SNAPSHOT');
    return this.#cursor;
  }
}

export class EventFactory {
  readonly #log: LogName;
  readonly #keys: CursorKeys;

  constructor(log: LogName, keys: CursorKeys) {
    this.#log = log;
    this.#keys = keys;
  }

  /** `complete`: false inside a snapshot. */
  cursor({ epoch, sequence }: LogOffset, scope: string, complete: boolean): string {
    return encodeCursor(this.#keys, { ...this.#log, epoch, sequence, scope, complete });
  }

  snapshot<T>(offset: LogOffset, scope: string, object: T, observedAt: WallMs): WatchEvent<T> {
    const content = { type: 'SNAPSHOT', reset: true, previousState: null, object } as const;
    return new LoggedEvent(this, offset, scope, { ...content, observedAt: new Date(observedAt) });
  }

  /** `reset`: whether it ends a snapshot. */
  bookmark<T>(offset: LogOffset, scope: string, observedAt: WallMs, reset: boolean): WatchEvent<T> {
    const content = { type: 'BOOKMARK', reset, previousState: null, object: null } as const;
    return new LoggedEvent<T>(this, offset, scope, { ...content, observedAt: new Date(observedAt) });
  }

  change<T>(record: LogRecord<T>, scope: string): WatchEvent<T> {
    const { type, previousState, object, at } = record;
    const content = { type, reset: false, previousState, object, observedAt: new Date(at) };
    return new LoggedEvent(this, record, scope, content);
  }
}

/** The numbered changes of one watched list, the newest `keepEvents` of them. */
export class EventLog<T> {
  readonly #keepEvents: number;
  #base: LogOffset;
  #records: LogRecord<T>[] = [];

  /** `base`: the offset before the first record. */
  constructor(base: LogOffset, keepEvents: number) {
    this.#base = base;
    this.#keepEvents = keepEvents;
  }

  /** The offset before the first record. */
  get base(): LogOffset {
    return this.#base;
  }

  get last(): LogOffset {
    return this.#records.at(-1) ?? this.#base;
  }

  /** Appends the next change, whose number must follow the last one's. */
  append(record: LogRecord<T>): void {
    this.#records.push(record);
    // Cut rarely, so that an event does not copy the whole log.
    if (this.#records.length < 2 * this.#keepEvents) return;
    const cut = this.#records.length - this.#keepEvents;
    this.#base = this.#records[cut - 1] ?? this.#base;
    this.#records = this.#records.slice(cut);
  }

  /**
   * Returns the changes after an offset, oldest first. Undefined when some are no longer stored, or the offset is of
   * another log.
   */
  since({ epoch, sequence }: LogOffset): readonly LogRecord<T>[] | undefined {
    const missed = this.last.sequence - sequence;
    if (missed < 0 || missed > Math.min(this.#keepEvents, this.#records.length)) return undefined;
    const at = this.#records.length - missed;
    const before = at === 0 ? this.#base : this.#records[at - 1];
    return before?.epoch === epoch ? this.#records.slice(at) : undefined;
  }
}

/** `before`: the end of the log before the records. */
type RecordListener<T> = (before: LogOffset, records: readonly LogRecord<T>[]) => void;

/** The published state of a watched list: its log, and the objects at the end of it. */
export class MaterializedList<T> {
  readonly events: EventFactory;
  readonly #keepEvents: number;
  #log: EventLog<T>;
  #objects = new Map<string, ObservedObject<T>>();
  #complete = false;
  #progress: string | undefined;
  #asOf: WallMs | undefined;
  #snapshot: readonly WatchEvent<T>[] | undefined;
  readonly #listeners = new Set<(changes: ObjectChanges) => void>();
  readonly #recordListeners = new Set<RecordListener<T>>();

  constructor(events: EventFactory, keepEvents: number) {
    this.events = events;
    this.#keepEvents = keepEvents;
    this.#log = new EventLog({ epoch: newEpoch(), sequence: 0 }, keepEvents);
  }

  get last(): LogOffset {
    return this.#log.last;
  }

  /** Undefined until the first complete read. */
  get objects(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    return this.#complete ? this.#objects : undefined;
  }

  /** Calls `listener` after each change of `objects`. Returns a function that stops it. */
  onChange(listener: (changes: ObjectChanges) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls `listener` with the new records of each batch, before `objects` change. Returns a function that stops it. */
  onRecords(listener: RecordListener<T>): () => void {
    this.#recordListeners.add(listener);
    return () => void this.#recordListeners.delete(listener);
  }

  get isComplete(): boolean {
    return this.#complete;
  }

  /** Complete or not. */
  get known(): ReadonlyMap<string, ObservedObject<T>> {
    return this.#objects;
  }

  /** The objects that are known before the first complete read; undefined after it. */
  get partial(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    return this.#complete ? undefined : this.#objects;
  }

  /** See `Batch.progress`. */
  get progress(): string | undefined {
    return this.#progress;
  }

  /** See `Batch.asOf`. */
  get asOf(): WallMs | undefined {
    return this.#asOf;
  }

  get(id: string): ObservedObject<T> | undefined {
    return this.#objects.get(id);
  }

  since(offset: LogOffset): readonly LogRecord<T>[] | undefined {
    return this.#log.since(offset);
  }

  replace({ base, records, objects, partial, progress, asOf }: LogSnapshot<T>): void {
    this.#log = new EventLog(base, this.#keepEvents);
    for (const record of records) this.#log.append(record);
    this.#objects = objects ?? partial ?? new Map();
    this.#complete = objects !== undefined;
    this.#progress = progress;
    this.#asOf = asOf;
    this.#snapshot = undefined;
    this.#notify(undefined);
  }

  apply(batch: Batch<T>): void {
    const { records, patch, read, progress, asOf } = batch;
    const wasComplete = this.#complete;
    const changes = wasComplete && this.#listeners.size > 0 ? changesIn(batch, this.#objects) : undefined;
    const { last } = this;
    if (records.length > 0) for (const listener of this.#recordListeners) listener(last, records);
    for (const record of records) this.#log.append(record);
    for (const [id, observed] of patch) {
      if (observed === undefined) this.#objects.delete(id);
      else this.#objects.set(id, observed);
    }
    if (read !== undefined) this.#complete = true;
    this.#progress = progress ?? this.#progress;
    this.#asOf = asOf ?? this.#asOf;
    this.#snapshot = undefined;
    if (this.#complete && (!wasComplete || changes !== undefined)) this.#notify(changes);
  }

  #notify(changes: ObjectChanges): void {
    for (const listener of this.#listeners) listener(changes);
  }

  /**
   * Subscribers that arrive between two changes share one array. `seenAt`: when this version of an object was last
   * read.
   */
  snapshot(scope: string, seenAt: (id: string, observed: ObservedObject<T>) => WallMs): readonly WatchEvent<T>[] {
    const { last } = this;
    const make = () =>
      Array.from(this.#objects, ([id, observed]) =>
        this.events.snapshot(last, scope, observed.object, seenAt(id, observed)),
      );
    if (scope !== '') return make();
    this.#snapshot ??= make();
    return this.#snapshot;
  }

  /** A later snapshot has the new dates of its objects. */
  invalidateSnapshot(): void {
    this.#snapshot = undefined;
  }
}

/** Stores nothing beyond the process: its reader always leads, and commits take effect at once. */
class MemoryJournal<T> implements Journal<T> {
  readonly #reader: JournalReader<T>;
  readonly #epoch = newEpoch();

  constructor(reader: JournalReader<T>) {
    this.#reader = reader;
  }

  start(): void {
    this.#reader.lead(this.#epoch);
  }

  stop(): void {}

  commit(batch: Batch<T>): void {
    checkProgress(batch);
    this.#reader.onCommitted(batch);
  }

  requestRead(): void {}
}

export const memoryJournals: JournalStore = {
  open: (_principal, _log, reader) => new MemoryJournal(reader),
  close: async () => {},
};
