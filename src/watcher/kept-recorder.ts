import { later, type WallMs } from '../upstream/index.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { Batch, Change, LogOffset, LogRecord } from './journal.ts';
import { KeptState, type PublishedObjects } from './kept-state.ts';
import type { Kind } from './kinds.ts';
import type { Now } from './list-state.ts';
import type { ListWrite, PendingListWrite } from './list-writes.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { ObjectRules } from './sweep-types.ts';

export interface RecordOptions {
  /** Whether the list is complete from now on. */
  readonly isComplete?: boolean | undefined;
  readonly progress: string;
  readonly asOf?: WallMs | undefined;
  /** Why the changes were found. */
  readonly cause?: ChangeCause | undefined;
}

/** While this process leads: numbers the changes of a list that is read in pages, and notes which are stored. */
export class KeptRecorder<T> {
  readonly state: KeptState<T>;
  readonly #published: PublishedObjects<T> & { readonly isComplete: boolean };
  readonly #kind: Kind<T>;
  #epoch: string | undefined;
  #lastSequence = 0;
  #completeReads = 0;
  /** Batches that are being stored, and the callers that wait for them. */
  readonly #committing = new Map<Batch<T>, () => void>();

  constructor(
    sweep: ObjectRules<T>,
    published: PublishedObjects<T> & { readonly isComplete: boolean },
    strings: SharedStrings,
  ) {
    this.#kind = sweep.kind;
    this.#published = published;
    this.state = new KeptState(sweep, published, strings);
  }

  get isLeading(): boolean {
    return this.#epoch !== undefined;
  }

  lead(epoch: string, last: LogOffset): void {
    this.#epoch = epoch;
    this.#lastSequence = last.sequence;
  }

  /** Stops numbering changes. Callers wait no longer, as the log shows what of it was stored. */
  follow(): void {
    this.#epoch = undefined;
    const waiting = [...this.#committing.values()];
    this.#committing.clear();
    this.state.reset();
    for (const resolve of waiting) resolve();
  }

  /**
   * Numbers changes. They are published only after the list was complete once. Undefined while another process leads.
   */
  record(
    changes: readonly Change<T>[],
    { isComplete, progress, asOf, cause }: RecordOptions,
    now: Now,
  ): Batch<T> | undefined {
    const epoch = this.#epoch;
    if (epoch === undefined) return undefined;
    const published = this.#isComplete ? changes : [];
    const records = published.map((change): LogRecord<T> => {
      this.#lastSequence += 1;
      return { ...change, ...(cause && { cause }), epoch, sequence: this.#lastSequence, at: now.date };
    });
    if (isComplete === true) this.#completeReads += 1;
    const read = isComplete === true ? this.#completeReads : undefined;
    return { records, patch: this.state.takePatch(), read, at: now.date, progress, asOf };
  }

  applyWrite({ puts, deletes }: Pick<ListWrite<T>, 'puts' | 'deletes'>, now: Now): readonly Change<T>[] {
    const changes = puts.flatMap((object) => {
      const id = this.#kind.id(object);
      return id === undefined ? [] : this.state.applyWrite(id, object, now);
    });
    return [...changes, ...deletes.flatMap((id) => this.state.applyWrite(id, undefined, now))];
  }

  /**
   * Whether a read or another write has changed one of the objects after the call of a write was sent: it is not known
   * then which of the two came first.
   */
  isChangedSince({ puts, deletes, sentOn, at }: PendingListWrite<T>): boolean {
    const since = { date: sentOn, monotonic: later(at.monotonic, -Math.max(0, at.date - sentOn)) };
    return (
      puts.some((object) => this.state.isChangedSince(this.#kind.id(object) ?? '', object, since)) ||
      deletes.some((id) => this.state.isChangedSince(id, undefined, since))
    );
  }

  /** Stores a batch with `commit`. Resolves when it is published, or this process does not lead any more. */
  store(batch: Batch<T>, commit: (batch: Batch<T>) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#committing.set(batch, resolve);
      try {
        commit(batch);
      } catch (error) {
        this.#committing.delete(batch);
        reject(error);
      }
    });
  }

  /** Called when a batch is published. Returns whether it is from this process. */
  onStored(batch: Batch<T>, now: Now): boolean {
    const resolve = this.#committing.get(batch);
    this.#committing.delete(batch);
    if (resolve !== undefined) {
      this.state.onPublished(batch.patch);
      // After the callbacks of this batch.
      queueMicrotask(resolve);
      return true;
    }
    // If this process leads soon, it must not trust pages that are older than a write which another process knew.
    if (batch.read !== undefined) return false;
    for (const [id, observed] of batch.patch) {
      if (observed === undefined || observed.write !== undefined)
        this.state.noteWrite(id, observed?.object, { date: batch.at, monotonic: now.monotonic });
    }
    return false;
  }

  get #isComplete(): boolean {
    if (this.#published.isComplete) return true;
    for (const { read } of this.#committing.keys()) if (read !== undefined) return true;
    return false;
  }
}
