interface Reads {
  granted: number;
  bound: number;
}

/**
 * Counts reads that several fields of one operation make: the units at each level of a tree are different ones, and a
 * read that two fields need is made once. So the fields together are charged for no more reads than there are, whatever
 * each of them could make alone.
 */
export class SharedReads {
  readonly #reads = new Map<object | string, Map<string, Reads>>();

  /** How much of `wanted` is to be charged, where reads of this kind are at most `bound` in all. */
  charge(kind: object | string, variant: string, wanted: number, bound: number): number {
    const reads = this.#of(kind, variant);
    // Of the same lists, one field may read more pages than another.
    reads.bound = Math.max(reads.bound, bound);
    const granted = Math.min(wanted, reads.bound - reads.granted);
    reads.granted += granted;
    return granted;
  }

  clear(): void {
    this.#reads.clear();
  }

  #of(kind: object | string, variant: string): Reads {
    const variants = this.#reads.get(kind) ?? new Map<string, Reads>();
    this.#reads.set(kind, variants);
    const reads = variants.get(variant) ?? { granted: 0, bound: 0 };
    variants.set(variant, reads);
    return reads;
  }
}
