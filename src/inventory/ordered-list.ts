import type { WallMs } from '../upstream/index.ts';
import { type ItemOrder, indexAt, positionOf } from './orders.ts';
import type { CopiedList, OrderPosition } from './types.ts';

/** Items that are sorted already. The array must not change. */
export class OrderedList<T> implements CopiedList<T> {
  readonly epoch: string;
  readonly asOf: WallMs;
  readonly #items: readonly T[];
  readonly #order: ItemOrder<T>;

  constructor(epoch: string, asOf: WallMs, items: readonly T[], order: ItemOrder<T>) {
    this.epoch = epoch;
    this.asOf = asOf;
    this.#items = items;
    this.#order = order;
  }

  get length(): number {
    return this.#items.length;
  }

  after(position: OrderPosition | undefined, first: number): readonly T[] {
    let start = 0;
    if (position !== undefined) {
      start = indexAt(this.#items, this.#order, position);
      const item = this.#items[start];
      // The id alone says whether it is the item of the position, as no two items of a list have the same one.
      if (item !== undefined && this.#order.id(item) === position.id) start += 1;
    }
    return this.#items.slice(start, start + first);
  }

  positionOf(item: T): OrderPosition {
    return positionOf(this.#order, item);
  }
}
