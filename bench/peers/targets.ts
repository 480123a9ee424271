import { type Contender, MERCURIUS_JIT, YOGA } from './contender.ts';
import { LOAD_BOUND } from './report.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';

/** Minimum ratio of orgql's speed to bare Yoga's, on the rows in ROWS_TO_YOGA. */
const TIMES_YOGA = 4;
const ROWS_TO_YOGA = ['tiny', 'list'];

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** Reports each target and whether the run reached it, for the run's rows and servers. */
export function targets(rows: readonly Row[], others: readonly Contender[], results: Results): Target[] {
  return rows.flatMap((row) => {
    const has = (name: string) => results.has(row.name, name);
    const peers = others.filter(({ kind, name }) => kind === 'peer' && has(name));
    const found: Target[] = [];
    if (has(MERCURIUS_JIT)) found.push(atLeast(row, 1, MERCURIUS_JIT, results));
    if (has(YOGA) && ROWS_TO_YOGA.includes(row.name)) found.push(atLeast(row, TIMES_YOGA, YOGA, results));
    const p99s = peers.map(({ name, title }) => ({ title, ratio: results.ratio(row.name, name, 'p99') }));
    const [worst] = p99s.toSorted((a, b) => b.ratio - a.ratio);
    if (worst !== undefined)
      found.push({
        text: `${row.name}: p99 no worse than any peer's: ${worst.ratio.toFixed(2)} times that of ${worst.title} at most`,
        met: worst.ratio <= 1,
      });
    return found;
  });
}

/** Compares requests per second or, if the load was the bottleneck for one of the two, CPU time. */
function atLeast(row: Row, times: number, peer: string, results: Results): Target {
  const bound =
    Math.max(results.ownMedian(row.name, 'loadShare'), results.median(row.name, peer, 'loadShare')) >= LOAD_BOUND;
  const byRequests = results.ratio(row.name, peer, 'perSecond');
  const byCpu = 1 / results.ratio(row.name, peer, 'cpuPerRequest');
  const both = `${byRequests.toFixed(2)} times by requests/s, ${byCpu.toFixed(2)} times by CPU`;
  return {
    text: `${row.name}: at least ${times} times ${peer}: ${both}${bound ? ' (which counts: the load was at its limit)' : ''}`,
    met: (bound ? byCpu : byRequests) >= times,
  };
}
