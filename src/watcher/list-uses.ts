import type { KeptListName } from './kept-types.ts';
import type { Sweep } from './sweep-types.ts';

/** Counts the leases of the lists of a copy, and of the lists that these depend on. */
export class ListUses {
  readonly #sweeps: readonly Sweep<unknown>[];
  readonly #counts = new Map<KeptListName, number>();

  constructor(sweeps: readonly Sweep<unknown>[]) {
    this.#sweeps = sweeps;
  }

  get size(): number {
    return this.#counts.size;
  }

  has(list: KeptListName): boolean {
    return this.#counts.has(list);
  }

  /**
   * Returns all lists that are used now, with dependencies.
   * @throws TypeError if the copy does not hold one of them.
   */
  add(lists: readonly KeptListName[]): ReadonlySet<KeptListName> {
    const all = new Set(lists);
    // A set can grow while it is iterated.
    for (const list of all) {
      const sweep = this.#sweeps.find((one) => one.list === list);
      if (sweep === undefined) throw new TypeError(`The copy does not hold the list ${list}. Add it to its options.`);
      for (const other of sweep.dependsOn) all.add(other);
    }
    for (const list of all) this.#counts.set(list, (this.#counts.get(list) ?? 0) + 1);
    return all;
  }

  /** Returns whether the last lease of the list has ended. */
  delete(list: KeptListName): boolean {
    const left = (this.#counts.get(list) ?? 0) - 1;
    if (left > 0) this.#counts.set(list, left);
    else this.#counts.delete(list);
    return left === 0;
  }
}
