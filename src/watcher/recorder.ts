import { later, type MonotonicMs, type WallMs } from '../upstream/index.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { Batch, Change, LogOffset, LogRecord, ObservedObject } from './journal.ts';
import type { Kind } from './kinds.ts';
import { ListState, type Now, settleMs } from './list-state.ts';

/** The published state of a list: the end of its log, and all objects after the first complete read. */
export interface PublishedList<T> {
  readonly last: LogOffset;
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
  /** The objects that are known before the first complete read: of own writes. */
  readonly partial: ReadonlyMap<string, ObservedObject<T>> | undefined;
}

/** The result of a read or a write: a batch for the journal, if there is anything to store. */
export interface Recorded<T> {
  readonly batch: Batch<T> | undefined;
  readonly changed: boolean;
  readonly inconclusive: boolean;
}

interface NumberOptions {
  /** The number of the complete read; undefined for an own write. */
  readonly read?: number | undefined;
  readonly asOf?: WallMs | undefined;
  readonly cause?: ChangeCause | undefined;
}

/** No call to AWS takes this long, in ms, so earlier changes precede any write whose reply arrives now. */
const maxWriteMs = 120_000;

/** The maximum number of pending writes. The oldest are dropped, and the next read finds their changes. */
const maxPendingWrites = 10_000;

/** The reply to an own write. */
export interface WrittenObject<T> {
  readonly object: T;
  readonly sentAt: MonotonicMs;
  readonly at: Now;
  /** The caller and the request. */
  readonly cause?: ChangeCause | undefined;
}

/** The reply to an own write that may not be in the log yet. */
interface PendingWrite<T> extends WrittenObject<T> {
  readonly id: string;
  /** Its batch, which is being stored; undefined while another process leads. */
  readonly batch: Batch<T> | undefined;
}

/**
 * While this process leads: compares reads and own writes with the known state (`ListState`), and numbers the changes.
 */
export class Recorder<T> {
  readonly #kind: Kind<T>;
  #state: ListState<T>;
  /** Whether others have added to the log, or a batch of this process was lost, since `#state` was created. */
  #isStateOutdated = false;
  /** The epoch of the changes of this process; undefined while it does not lead. */
  #epoch: string | undefined;
  #lastSequence = 0;
  #readsStarted = 0;
  readonly #committing = new Set<Batch<T>>();
  /** Recent own writes that the log may lack because a leader has died or lost its lease; the oldest first. */
  #pendingWrites: readonly PendingWrite<T>[] = [];
  /** When the log last changed each object, for the last `maxWriteMs`; the oldest first. */
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
   * Starts to number changes after the published ones. Returns the changes of own writes that are in no log yet.
   */
  lead(epoch: string, { last, objects, partial }: PublishedList<T>, now: MonotonicMs): Recorded<T>[] {
    this.#epoch = epoch;
    const changedBy = (id: string) => this.#changeTimes.get(id) ?? this.#restoredAt;
    if (this.#isStateOutdated) {
      const known = objects ?? partial;
      const isComplete = objects !== undefined;
      this.#state = new ListState(this.#kind, known && { objects: known, isComplete, changedBy });
    }
    this.#isStateOutdated = false;
    this.#lastSequence = last.sequence;
    // Batches that are being stored have numbers already.
    for (const { records } of this.#committing) this.#lastSequence = records.at(-1)?.sequence ?? this.#lastSequence;
    const pending = this.#pendingWrites.filter(({ at }) => now < later(at.monotonic, settleMs));
    this.#pendingWrites = [];
    return pending.map((write) => this.write(write));
  }

  /** Stops numbering changes, because this process no longer leads. */
  follow(): void {
    this.#epoch = undefined;
    this.#isStateOutdated = true;
    this.#committing.clear();
  }

  /** Called when the whole log was replaced. */
  onRestored(now: MonotonicMs): void {
    this.#isStateOutdated = true;
    this.#pendingWrites = [];
    this.#changeTimes.clear();
    this.#restoredAt = now;
  }

  /** Called when a batch is stored. Returns whether it is from this process; other batches make the state outdated. */
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

  /** `asOf`: when the read began, if that is to be stored. */
  read(objects: readonly T[], now: Now, { asOf, cause }: Pick<NumberOptions, 'asOf' | 'cause'> = {}): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyRead(objects, now);
    const batch = this.#number(changes, now.date, { read: this.#readsStarted, asOf, cause });
    return { batch, changed: changes.length > 0, inconclusive };
  }

  write({ object, sentAt, at, cause }: WrittenObject<T>): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyWrite(object, sentAt, at);
    const batch = this.#number(changes, at.date, { cause });
    if (batch !== undefined) this.rememberWrite({ object, sentAt, at, cause }, batch);
    return { batch, changed: changes.length > 0, inconclusive };
  }

  /** Keeps the reply to an own write until the log has it. `batch`: undefined while another process leads. */
  rememberWrite({ object, sentAt, at, cause }: WrittenObject<T>, batch?: Batch<T>): void {
    const id = this.#kind.id(object);
    if (id === undefined) return;
    const recent = this.#pendingWrites.filter((earlier) => at.monotonic < later(earlier.at.monotonic, settleMs));
    this.#pendingWrites = [...recent.slice(1 - maxPendingWrites), { id, object, sentAt, at, cause, batch }];
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

  #number(changes: readonly Change<T>[], at: WallMs, { read, asOf, cause }: NumberOptions): Batch<T> | undefined {
    const epoch = this.#epoch;
    if (epoch === undefined) return undefined;
    const records = changes.map((change): LogRecord<T> => {
      this.#lastSequence += 1;
      return { ...change, ...(cause && { cause }), epoch, sequence: this.#lastSequence, at };
    });
    const patch = this.#state.takePatch();
    if (records.length === 0 && patch.size === 0 && read === undefined) return undefined;
    const batch = { records, patch, read, at, asOf };
    this.#committing.add(batch);
    return batch;
  }
}
