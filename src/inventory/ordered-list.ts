import type { WallMs } from '../upstream/index.ts';
import type { Condition } from './filters.ts';
import { type ItemOrder, indexAt, positionOf } from './orders.ts';
import type { CopiedList, OrderPosition } from './types.ts';

/** What a query of a list finds. */
export interface Found<T> {
  /** Sorted already. The array must not change. */
  readonly items: readonly T[];
  readonly order: ItemOrder<T>;
  /** Which of the items are in the list; undefined for all. */
  readonly matches?: Condition<T> | undefined;
}

/** A list of the copy. A condition is tested only for as many items as a page needs. */
export class OrderedList<T> implements CopiedList<T> {
  readonly epoch: string;
  readonly asOf: WallMs;
  readonly #found: Found<T>;
  #length: number | undefined;

  constructor(epoch: string, asOf: WallMs, found: Found<T>) {
    this.epoch = epoch;
    this.asOf = asOf;
    this.#found = found;
  }

  get length(): number {
    const { items, matches } = this.#found;
    this.#length ??= matches === undefined ? items.length : items.filter(matches).length;
    return this.#length;
  }

  after(position: OrderPosition | undefined, first: number): readonly T[] {
    const { items, order, matches } = this.#found;
    let start = 0;
    if (position !== undefined) {
      start = indexAt(items, order, position);
      const item = items[start];
      // The id alone says whether it is the item of the position, as no two items of a list have the same one.
      if (item !== undefined && order.id(item) === position.id) start += 1;
    }
    return matches === undefined ? items.slice(start, start + first) : findFirst(items, matches, start, first);
  }

  positionOf(item: T): OrderPosition {
    return positionOf(this.#found.order, item);
  }
}

function findFirst<T>(items: readonly T[], matches: Condition<T>, start: number, first: number): T[] {
  const found: T[] = [];
  for (let index = start; index < items.length && found.length < first; index += 1) {
    const item = items[index] as T;
    if (matches(item)) found.push(item);
  }
  return found;
}
