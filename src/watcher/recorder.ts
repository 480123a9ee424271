import type { LogRecord, Place } from './event-log.ts';
import type { Batch, Sighted } from './journal.ts';
import type { Kind } from './kinds.ts';
import { type Change, ListState } from './list-state.ts';

/** What has been told of a list: where its log ends, and all objects, once the whole list is known. */
export interface Told<T> {
  readonly last: Place;
  readonly objects: ReadonlyMap<string, Sighted<T>> | undefined;
}

/** What a read or a write came to: a batch for the journal, when there is anything to be kept. */
export interface Recorded<T> {
  readonly batch: Batch<T> | undefined;
  readonly changed: boolean;
  readonly inconclusive: boolean;
}

/** While a list is read here: compares what reads and own writes show with what is known (`ListState`), and numbers the differences. */
export class Recorder<T> {
  readonly #kind: Kind<T>;
  #state: ListState<T>;
  /** Whether others have added to the log, or something of ours was not kept, since `#state` was made. */
  #stateIsOld = false;
  /** Whether changes are numbered here, in this epoch. */
  #epoch: string | undefined;
  /** Number of the last change that went to the journal. */
  #numbered = 0;
  #readsStarted = 0;
  readonly #committing = new Set<Batch<T>>();

  constructor(kind: Kind<T>) {
    this.#kind = kind;
    this.#state = new ListState(kind);
  }

  /** Whether the list is read here. */
  get leading(): boolean {
    return this.#epoch !== undefined;
  }

  /** Reads begun so far, here. */
  get readsStarted(): number {
    return this.#readsStarted;
  }

  /** From now on changes are numbered here, on from what was told. */
  lead(epoch: string, { last, objects }: Told<T>): void {
    this.#epoch = epoch;
    if (this.#stateIsOld) this.#state = new ListState(this.#kind, objects);
    this.#stateIsOld = false;
    this.#numbered = last.sequence;
  }

  /** From now on they are numbered elsewhere, or not at all. */
  follow(): void {
    this.#epoch = undefined;
    this.#stateIsOld = true;
    this.#committing.clear();
  }

  /** What is known here does not stand any more: others say what was told. */
  outdated(): void {
    this.#stateIsOld = true;
  }

  /** A batch is kept. Whether it is of here; one of elsewhere makes what is known here old. */
  kept(batch: Batch<T>): boolean {
    const own = this.#committing.delete(batch);
    if (!own) this.#stateIsOld = true;
    return own;
  }

  readStarts(): void {
    this.#readsStarted += 1;
    this.#state.readStarts();
  }

  /** A complete read. `at`: ms since the epoch. */
  read(objects: readonly T[], at: number): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyRead(objects, at);
    return { batch: this.#number(changes, this.#readsStarted, at), changed: changes.length > 0, inconclusive };
  }

  /** The answer to an own write. `sentAt` and `at`: ms since the epoch. */
  write(object: T, sentAt: number, at: number): Recorded<T> {
    const { changes, inconclusive } = this.#state.applyWrite(object, sentAt, at);
    return { batch: this.#number(changes, undefined, at), changed: changes.length > 0, inconclusive };
  }

  get restless(): boolean {
    return this.#state.restless;
  }

  nextExpiry(after: number): number | undefined {
    return this.#state.nextExpiry(after);
  }

  /** When an object was last seen, here, just as it is told, in ms since the epoch. */
  seenAt(id: string, object: T): number | undefined {
    const known = this.#state.get(id);
    return known?.object === object ? known.observedAt : undefined;
  }

  #number(changes: readonly Change<T>[], read: number | undefined, at: number): Batch<T> | undefined {
    const epoch = this.#epoch;
    if (epoch === undefined) return undefined;
    const records = changes.map((change): LogRecord<T> => {
      this.#numbered += 1;
      return { ...change, epoch, sequence: this.#numbered, at };
    });
    const patch = this.#state.takePatch();
    if (records.length === 0 && patch.size === 0 && read === undefined) return undefined;
    const batch = { records, patch, read, at };
    this.#committing.add(batch);
    return batch;
  }
}
