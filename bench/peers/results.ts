import type { Measurement } from './measure.ts';
import { median } from './statistics.ts';

/** All measurements of a run: by row and server, one for each round. */
export class Results {
  readonly #rounds = new Map<string, Measurement[]>();

  add(row: string, server: string, measurement: Measurement): void {
    const key = `${row} ${server}`;
    const rounds = this.#rounds.get(key);
    if (rounds === undefined) this.#rounds.set(key, [measurement]);
    else rounds.push(measurement);
  }

  has(row: string, server: string): boolean {
    return this.#rounds.has(`${row} ${server}`);
  }

  /** The median of all rounds. */
  median(row: string, server: string, figure: keyof Measurement): number {
    return median(this.#of(row, server).map((measurement) => measurement[figure]));
  }

  /** The median of each round's ratio, so that what came over the whole machine for a while falls out. */
  ratio(row: string, server: string, to: string, figure: keyof Measurement): number {
    const others = this.#of(row, to);
    return median(
      this.#of(row, server).map((measurement, round) => measurement[figure] / (others[round]?.[figure] ?? Number.NaN)),
    );
  }

  #of(row: string, server: string): readonly Measurement[] {
    return this.#rounds.get(`${row} ${server}`) ?? [];
  }
}
