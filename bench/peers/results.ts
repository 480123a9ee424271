import type { Measurement } from './measure.ts';
import { median } from './statistics.ts';

/** What orgql and another server did with one row in one round, in turns. */
export interface Pair {
  readonly orgql: Measurement;
  readonly other: Measurement;
}

type Figure = keyof Measurement;

/** All measurements of a run: by row and other server, a pair for each round. */
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

  /** The same of orgql, beside whomever. */
  ownMedian(row: string, figure: Figure): number {
    const pairs = [...(this.#rows.get(row)?.values() ?? [])].flat();
    return median(pairs.map(({ orgql }) => orgql[figure]));
  }

  /** The median of each round's ratio of orgql to the other, so that what came over the whole machine for a while falls out. */
  ratio(row: string, other: string, figure: Figure): number {
    return median(this.#of(row, other).map((pair) => pair.orgql[figure] / pair.other[figure]));
  }

  #of(row: string, other: string): readonly Pair[] {
    return this.#rows.get(row)?.get(other) ?? [];
  }
}
