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

/** Longer arguments are not compared: of a variable that many fields have, each would take its time. */
const MAX_LENGTH = 64;

/**
 * A text that is the same for fields of a list whose arguments ask for the same items; undefined when they are not
 * compared.
 */
export function variantOf(args: Readonly<Record<string, unknown>>): string | undefined {
  let text = '';
  for (const [name, value] of Object.entries(args)) {
    if (name === 'first' || name === 'after' || value == null) continue;
    if (typeof value === 'object' || (typeof value === 'string' && value.length > MAX_LENGTH)) return undefined;
    text += `${name}:${JSON.stringify(value)},`;
  }
  return text;
}
