import { later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import type { Batch, Change, LogOffset, LogRecord, ObservedObject } from './journal.ts';
import type { Kind } from './kinds.ts';
import { ListState, type Now, settleMs } from './list-state.ts';

/** The published state of a list: where its log ends, and all objects, once the whole list is known. */
export interface PublishedList<T> {
  readonly last: LogOffset;
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
}

/** What a read or a write came to: a batch for the journal, when there is anything to be kept. */
export interface Recorded<T> {
  readonly batch: Batch<T> | undefined;
  readonly changed: boolean;
  readonly inconclusive: boolean;
}

/** No call to AWS takes as long as this, in ms: what was changed earlier was changed before any write that is answered now. */
const maxWriteMs = 120_000;

/** No more of those are kept, the latest: what is dropped is found by the next read. */
const maxPendingWrites = 10_000;

/** The answer to an own write that the log may not have. */
interface PendingWrite<T> {
  readonly id: string;
  readonly object: T;
  readonly sentAt: MonotonicMs;
  readonly at: Now;
  /** What it came to here, on its way to the log; undefined while the list is read elsewhere. */
  readonly batch: Batch<T> | undefined;
}

/** While a list is read here: compares what reads and own writes show with what is known (`ListState`), and numbers the differences. */
export class Recorder<T> {
  readonly #kind: Kind<T>;
  #state: ListState<T>;
  /** Whether others have added to the log, or something of ours was not kept, since `#state` was made. */
  #isStateOutdated = false;
  /** Whether changes are numbered here, in this epoch. */
  #epoch: string | undefined;
  #lastSequence = 0;
  #readsStarted = 0;
  readonly #committing = new Set<Batch<T>>();
  /** Own writes of the last seconds that the log may not have, the oldest first: the process that was to keep them may have died, or lost its lease. */
  #pendingWrites: readonly PendingWrite<T>[] = [];
  /** When the log last changed an object, for the last minutes; the oldest first. */
  readonly #changeTimes = new Map<string, MonotonicMs>();
  /** When the whole log was restored. */
  #restoredAt = Number.NEGATIVE_INFINITY as MonotonicMs;

  constructor(kind: Kind<T>) {
    this.#kind = kind;
    this.#state = new ListState(kind);
  }

  get isLeading(): boolean {
    return this.#epoch !== undefined;
  }

  get readsStarted(): number {
    return this.#readsStarted;
  }

  /**
   * From now on changes are numbered here, after the published ones. Returns what own writes changed that is in no log yet.
   */
  lead(epoch: string, { last, objects }: PublishedList<T>, now: MonotonicMs): Recorded<T>[] {
    this.#epoch = epoch;
    const changedBy = (id: string) => this.#changeTimes.get(id) ?? this.#restoredAt;
    if (this.#isStateOutdated) this.#state = new ListState(this.#kind, objects && { objects, changedBy });
    this.#isStateOutdated = false;
    this.#lastSequence = last.sequence;
    // What is still on its way to the log has its numbers.
    for (const { records } of this.#committing) this.#lastSequence = records.at(-1)?.sequence ?? this.#lastSequence;
    const pending = this.#pendingWrites.filter(({ at }) => now < later(at.monotonic, settleMs));
    this.#pendingWrites = [];
    return pending.map(({ object, sentAt, at }) => this.write(object, sentAt, at));
  }

  /** From now on they are numbered elsewhere, or not at all. */
  follow(): void {
    this.#epoch = undefined;
    this.#isStateOutdated = true;
    this.#committing.clear();
  }

  /** The whole log was replaced. */
  onRestored(now: MonotonicMs): void {
    this.#isStateOutdated = true;
    this.#pendingWrites = [];
    this.#changeTimes.clear();
    this.#restoredAt = now;
  }

  /** A batch is kept. Whether it is of here; one of elsewhere makes what is known here old. */
  onStored(batch: Batch<T>, now: MonotonicMs): boolean {
    const own = this.#committing.delete(batch);
    if (!own) this.#isStateOutdated = true;
    for (const id of batch.patch.keys()) {
      this.#changeTimes.delete(id);
      this.#changeTimes.set(id, now);
    }
    for (const [id, at] of this.#changeTimes) {
      if (now - at < maxWriteMs) break;
      this.#changeTimes.delete(id);
    }
    this.#pendingWrites = this.#pendingWrites.filter((pending) =>
      own ? pending.batch !== batch : !batch.patch.has(pending.id),
    );
    return own;
  }

  onReadStart(): void {
    this.#readsStarted += 1;
    this.#state.onReadStart();
  }

  read(objects: readonly T[], now: Now): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyRead(objects, now);
    return { batch: this.#number(changes, this.#readsStarted, now.date), changed: changes.length > 0, inconclusive };
  }

  write(object: T, sentAt: MonotonicMs, at: Now): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyWrite(object, sentAt, at);
    const batch = this.#number(changes, undefined, at.date);
    if (batch !== undefined) this.rememberWrite(object, sentAt, at, batch);
    return { batch, changed: changes.length > 0, inconclusive };
  }

  /** Keeps what an own write answered until the log has it. `batch`: absent while the list is read elsewhere. */
  rememberWrite(object: T, sentAt: MonotonicMs, at: Now, batch?: Batch<T>): void {
    const id = this.#kind.id(object);
    if (id === undefined) return;
    const recent = this.#pendingWrites.filter((earlier) => at.monotonic < later(earlier.at.monotonic, settleMs));
    this.#pendingWrites = [...recent.slice(1 - maxPendingWrites), { id, object, sentAt, at, batch }];
  }

  get hasPendingChanges(): boolean {
    return this.#state.hasPendingChanges;
  }

  nextExpiry(after: WallMs): WallMs | undefined {
    return this.#state.nextExpiry(after);
  }

  /** See `ListState.doubts`. */
  isDoubtful(id: string): boolean {
    return this.isLeading && this.#state.isDoubtful(id);
  }

  /** When this process last read an object in its published version. */
  seenAt(id: string, object: T): WallMs | undefined {
    const known = this.#state.get(id);
    return known?.object === object ? known.observedAt : undefined;
  }

  #number(changes: readonly Change<T>[], read: number | undefined, at: WallMs): Batch<T> | undefined {
    const epoch = this.#epoch;
    if (epoch === undefined) return undefined;
    const records = changes.map((change): LogRecord<T> => {
      this.#lastSequence += 1;
      return { ...change, epoch, sequence: this.#lastSequence, at };
    });
    const patch = this.#state.takePatch();
    if (records.length === 0 && patch.size === 0 && read === undefined) return undefined;
    const batch = { records, patch, read, at };
    this.#committing.add(batch);
    return batch;
  }
}
