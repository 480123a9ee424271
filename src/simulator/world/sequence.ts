/**
 * Values ordered by increasing position. Seeking is O(log n), and a position stays valid while entries are added and
 * removed.
 */
export class Sequence<T> {
  readonly #positions: number[] = [];
  readonly #values: T[] = [];

  get size(): number {
    return this.#positions.length;
  }

  add(position: number, value: T): void {
    const index = this.#firstAfter(position);
    if (index === this.#positions.length) {
      this.#positions.push(position);
      this.#values.push(value);
    } else {
      this.#positions.splice(index, 0, position);
      this.#values.splice(index, 0, value);
    }
  }

  delete(position: number): boolean {
    const index = this.#firstAfter(position) - 1;
    if (this.#positions[index] !== position) return false;
    this.#positions.splice(index, 1);
    this.#values.splice(index, 1);
    return true;
  }

  /** The entries after a position, in order. */
  *after(position: number): Generator<readonly [position: number, value: T]> {
    for (let index = this.#firstAfter(position); index < this.#positions.length; index++) {
      const entryPosition = this.#positions[index];
      const value = this.#values[index];
      if (entryPosition !== undefined && value !== undefined) yield [entryPosition, value];
    }
  }

  values(): readonly T[] {
    return this.#values;
  }

  #firstAfter(position: number): number {
    let low = 0;
    let high = this.#positions.length;
    // Nearly all additions are at the end.
    if (high === 0 || (this.#positions[high - 1] ?? 0) <= position) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#positions[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Merges the entries of several sequences after a position. */
export function* mergeAfter<T>(
  sequences: readonly (Sequence<T> | undefined)[],
  position: number,
): Generator<readonly [position: number, value: T]> {
  const iterators = sequences.flatMap((sequence) => (sequence ? [sequence.after(position)] : []));
  const heads = iterators.map((iterator) => iterator.next());
  for (;;) {
    let first: readonly [number, T] | undefined;
    let index = -1;
    for (const [candidate, head] of heads.entries()) {
      if (head.done || (first && first[0] <= head.value[0])) continue;
      first = head.value;
      index = candidate;
    }
    const iterator = iterators[index];
    if (!first || !iterator) return;
    yield first;
    heads[index] = iterator.next();
  }
}
