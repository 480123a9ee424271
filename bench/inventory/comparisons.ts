import type { KeptOrganization } from '../../src/watcher/kept-types.ts';
import { plainDataOf } from './plain-data.ts';
import type { BenchQuery } from './queries.ts';
import { fillDatabase, openDatabase, prepareAnswer } from './sqlite.ts';
import { medianOf } from './statistics.ts';

/** What the same answer takes in other ways, as medians in ms. */
export interface Comparison {
  /** `JSON.stringify` of the answer. */
  readonly stringifyMs: number;
  /** SQLite's rows as objects, and `JSON.stringify` of them; undefined if better-sqlite3 is not installed. */
  readonly sqliteMs: number | undefined;
}

const timed = (rounds: number, work: () => unknown): number =>
  medianOf(
    Array.from({ length: rounds }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    }),
  );

/** Measures within this process, over the data of a complete copy. */
export function createComparisons(kept: KeptOrganization) {
  const data = plainDataOf(kept);
  const database = openDatabase();
  if (database !== undefined) fillDatabase(database, data);
  return {
    hasDatabase: database !== undefined,
    /** `body`: the response to the query. */
    compare(query: BenchQuery, body: string, rounds: number): Comparison {
      const answer: unknown = JSON.parse(body);
      const read = database && prepareAnswer(database, query, { id: data.root.id, name: data.root.name });
      return {
        stringifyMs: timed(rounds, () => JSON.stringify(answer)),
        sqliteMs: read && timed(rounds, () => JSON.stringify(read())),
      };
    },
  };
}
