import type { Measurement } from './measure.ts';
import { median } from './statistics.ts';

/** The results of orgql and another server in one row and round. */
export interface Pair {
  readonly orgql: Measurement;
  readonly other: Measurement;
}

type Figure = keyof Measurement;

/** All results of a run: by row and other server, one pair per round. */
export class Results {
  readonly #rows = new Map<string, Map<string, Pair[]>>();

  add(row: string, other: string, pair: Pair): void {
    const others = this.#rows.get(row) ?? new Map<string, Pair[]>();
    this.#rows.set(row, others.set(other, [...(others.get(other) ?? []), pair]));
  }

  has(row: string, other: string): boolean {
    return this.#of(row, other).length > 0;
  }

  /** The median of all rounds. */
  median(row: string, other: string, figure: Figure): number {
    return median(this.#of(row, other).map((pair) => pair.other[figure]));
  }

  /** The median of orgql, over all other servers. */
  ownMedian(row: string, figure: Figure): number {
    const pairs = [...(this.#rows.get(row)?.values() ?? [])].flat();
    return median(pairs.map(({ orgql }) => orgql[figure]));
  }

  /**
   * The median of the rounds' ratios of orgql to the other server, which eliminates disturbances of the whole machine.
   */
  ratio(row: string, other: string, figure: Figure): number {
    return median(this.#of(row, other).map((pair) => pair.orgql[figure] / pair.other[figure]));
  }

  #of(row: string, other: string): readonly Pair[] {
    return this.#rows.get(row)?.get(other) ?? [];
  }
}
