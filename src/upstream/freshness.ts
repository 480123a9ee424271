import type { ReadName } from './operation-types.ts';

/** A moment between two writes: what was asked for before a later one may be out of date. */
export type Moment = number;

/**
 * Which reads are older than the last write that could have changed them. A read is stamped when it is asked for, not when it
 * is answered: an answer that was under way during the write may show either state, and so counts as the older.
 */
export class Freshness {
  #now: Moment = 0;
  #everything: Moment = 0;
  /** Most sessions write nothing. */
  #changed: Map<ReadName, Moment> | undefined;

  get now(): Moment {
    return this.#now;
  }

  /** Makes every read of these operations out of date that has been asked for so far. */
  drop(operations: readonly ReadName[] | 'everything'): void {
    this.#now += 1;
    if (operations === 'everything') {
      this.#everything = this.#now;
      return;
    }
    this.#changed ??= new Map();
    for (const operation of operations) this.#changed.set(operation, this.#now);
  }

  /** Whether nothing has been written since `asked` that could change this operation's answers. */
  holds(operation: ReadName, asked: Moment): boolean {
    return asked >= this.#everything && asked >= (this.#changed?.get(operation) ?? 0);
  }
}
