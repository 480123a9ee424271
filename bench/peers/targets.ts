import { type Contender, MERCURIUS_JIT, ORGQL, YOGA } from './contender.ts';
import { LOAD_BOUND } from './report.ts';
import type { Results } from './results.ts';
import type { Row } from './rows.ts';

/** Rows on which orgql is to be so many times as fast as bare Yoga. */
const TIMES_YOGA = 4;
const ROWS_TO_YOGA = ['tiny', 'list'];

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** What was to be reached, and whether it was, as far as the rows and servers of the run tell. */
export function targets(rows: readonly Row[], contenders: readonly Contender[], results: Results): Target[] {
  const peers = contenders.filter(({ kind }) => kind === 'peer').map(({ name }) => name);
  return rows.flatMap((row) => {
    const measured = (name: string) => results.has(row.name, name);
    if (!measured(ORGQL)) return [];
    const found: Target[] = [];
    if (measured(MERCURIUS_JIT)) found.push(atLeast(row, 1, MERCURIUS_JIT, results));
    if (measured(YOGA) && ROWS_TO_YOGA.includes(row.name)) found.push(atLeast(row, TIMES_YOGA, YOGA, results));
    const p99s = peers.filter(measured).map((name) => results.median(row.name, name, 'p99'));
    if (p99s.length > 0) {
      const own = results.median(row.name, ORGQL, 'p99');
      const best = Math.min(...p99s);
      found.push({
        text: `${row.name}: p99 no worse than the best peer's: ${own.toFixed(2)} ms, to ${best.toFixed(2)} ms`,
        met: own <= best,
      });
    }
    return found;
  });
}

/** By requests per second, unless the load was at its limit with one of the two: then by CPU time. */
function atLeast(row: Row, times: number, peer: string, results: Results): Target {
  const bound = [ORGQL, peer].some((name) => results.median(row.name, name, 'loadShare') >= LOAD_BOUND);
  const byRequests = results.ratio(row.name, ORGQL, peer, 'perSecond');
  const byCpu = 1 / results.ratio(row.name, ORGQL, peer, 'cpuPerRequest');
  const both = `${byRequests.toFixed(2)} times by requests/s, ${byCpu.toFixed(2)} times by CPU`;
  return {
    text: `${row.name}: at least ${times} times ${peer}: ${both}${bound ? ' (which counts: the load was at its limit)' : ''}`,
    met: (bound ? byCpu : byRequests) >= times,
  };
}
