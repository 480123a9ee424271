import type { KeptChange, KeptList } from '../watcher/kept-types.ts';
import { type ItemOrder, indexAt, positionOf } from './orders.ts';

/** With more changes than this since the last read, sorting anew is cheaper than inserting each. */
const MAX_INSERTIONS = 256;

interface SortedArray<T> {
  readonly order: ItemOrder<T>;
  items: readonly T[];
  /** The ids of the objects that have changed since. */
  readonly changed: Set<string>;
}

/**
 * The objects of one list as sorted arrays, one per order that was used. An array never changes: after a change of the
 * list, the next read creates the next one.
 */
export class SortedObjects<T> {
  readonly #list: KeptList<T>;
  readonly #arrays = new Map<string, SortedArray<T>>();

  constructor(list: KeptList<T>) {
    this.#list = list;
  }

  sorted(order: ItemOrder<T>): readonly T[] {
    const array = this.#arrays.get(order.name);
    if (array === undefined) {
      const items = [...(this.#list.objects?.values() ?? [])].map(({ object }) => object).sort(order.compare);
      this.#arrays.set(order.name, { order, items, changed: new Set() });
      return items;
    }
    if (array.changed.size > 0) this.#update(array);
    return array.items;
  }

  /** `changes`: undefined if all objects may be others. */
  invalidate(changes: KeptChange['changes']): void {
    for (const [name, { changed }] of this.#arrays) {
      // An object that was only read again is the same.
      for (const [id, { before, after }] of changes ?? []) if (before !== after) changed.add(id);
      if (changes === undefined || changed.size > MAX_INSERTIONS) this.#arrays.delete(name);
    }
  }

  #update(array: SortedArray<T>): void {
    const { order, changed } = array;
    const items = array.items.filter((item) => !changed.has(order.id(item)));
    for (const id of changed) {
      const object = this.#list.objects?.get(id)?.object;
      if (object !== undefined) items.splice(indexAt(items, order, positionOf(order, object)), 0, object);
    }
    array.items = items;
    changed.clear();
  }
}
