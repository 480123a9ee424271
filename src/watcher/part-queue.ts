import type { OperationName } from '../upstream/index.ts';
import type { Activity } from './activity.ts';
import { isSourceList, type SourceList } from './errors.ts';
import type { KnownLists, PartialRead, Sweep } from './sweep-types.ts';
import { TimeSlice } from './time-slice.ts';

export interface PartQueueOptions<T> {
  readonly sweep: Sweep<T>;
  readonly lists: KnownLists;
  readonly changes: Activity;
  readonly onCounted: () => void;
}

/** The parts of a list that a sweep has still to read. Parts may appear while it goes on. */
export class PartQueue<T> {
  readonly #options: PartQueueOptions<T>;
  readonly #onPart: (part: PartialRead<T>) => void;
  readonly #isSkipped: (part: PartialRead<T>) => Promise<boolean>;
  readonly #done = new Set<string>();
  readonly #inFlight = new Set<string>();
  #pass: Iterator<PartialRead<T>> | undefined;
  /** Whether the present pass over the parts has found one that was not done. */
  #hasFound = false;
  #seenChanges = 0;
  #counted: ReadonlyMap<OperationName, number> | undefined;
  /** Callers of `next` take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `onPart`: called for each part, also for those that need no read. `isSkipped`: whether a part counts as read. */
  constructor(
    options: PartQueueOptions<T>,
    onPart: (part: PartialRead<T>) => void,
    isSkipped: (part: PartialRead<T>) => Promise<boolean>,
  ) {
    this.#options = options;
    this.#onPart = onPart;
    this.#isSkipped = isSkipped;
  }

  /** Returns a part that was not read yet; undefined when all were. Waits while reads in flight may add parts. */
  next(signal: AbortSignal): Promise<PartialRead<T> | undefined> {
    const next = this.#turn.then(() => this.#find(signal));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  onRead(key: string): void {
    this.#inFlight.delete(key);
    this.#done.add(key);
    this.#options.changes.notify();
  }

  markDone(key: string): void {
    if (!this.#inFlight.has(key)) this.#done.add(key);
  }

  isDone(key: string): boolean {
    return this.#done.has(key);
  }

  get done(): number {
    return this.#done.size;
  }

  /** The number of parts, as far as it is known. */
  get total(): number {
    let total = 0;
    for (const count of this.counted.values()) total += count;
    return Math.max(total, this.#done.size + this.#inFlight.size);
  }

  /** The number of parts of each operation when all lists were complete that determine them. */
  get counted(): ReadonlyMap<OperationName, number> {
    return this.#counted ?? new Map();
  }

  async #find(signal: AbortSignal): Promise<PartialRead<T> | undefined> {
    const { changes, sweep, lists } = this.#options;
    const slice = new TimeSlice();
    for (;;) {
      signal.throwIfAborted();
      if (this.#counted === undefined && this.#areListsComplete) await this.#count(slice);
      if (this.#pass === undefined) this.#seenChanges = changes.count;
      this.#pass ??= sweep.parts(lists)[Symbol.iterator]();
      for (let next = this.#pass.next(); next.done !== true; next = this.#pass.next()) {
        if (slice.isOver) await slice.next();
        const part = next.value;
        this.#onPart(part);
        if (this.#done.has(part.key) || this.#inFlight.has(part.key)) continue;
        this.#hasFound = true;
        // Another caller must not find it meanwhile, which the turns prevent.
        if (await this.#isSkipped(part)) {
          this.#done.add(part.key);
          continue;
        }
        this.#inFlight.add(part.key);
        return part;
      }
      this.#pass = undefined;
      const hasFound = this.#hasFound;
      this.#hasFound = false;
      if (hasFound) continue;
      const isQuiet = this.#inFlight.size === 0 && changes.count === this.#seenChanges;
      if (isQuiet && this.#areListsComplete) return undefined;
      await changes.after(this.#seenChanges, signal);
    }
  }

  get #areListsComplete(): boolean {
    const { sweep, lists } = this.#options;
    // A list that AWS refuses adds no parts.
    return sweep.dependsOn.every(
      (list) => list === sweep.list || lists.isComplete(list) || lists.isRefused?.(list) === true,
    );
  }

  /** The list that AWS refuses, if that is why there are no parts. */
  get refusedSource(): SourceList | undefined {
    const { sweep, lists } = this.#options;
    if (this.total > 0) return undefined;
    return sweep.dependsOn.filter(isSourceList).find((list) => !lists.isComplete(list) && lists.isRefused?.(list));
  }

  async #count(slice: TimeSlice): Promise<void> {
    const counted = new Map<OperationName, number>();
    for (const { operation } of this.#options.sweep.parts(this.#options.lists)) {
      if (slice.isOver) await slice.next();
      counted.set(operation, (counted.get(operation) ?? 0) + 1);
    }
    this.#counted = counted;
    this.#options.onCounted();
  }
}
