import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MeteredUpstream, OperationStats } from '../../upstream/index.ts';

/** AWS answers in tens to hundreds of milliseconds; in seconds. */
const CALLS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** AWS's rates make a call wait from nothing to the operation's deadline; in seconds. */
const WAITS = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Shows what the funnel counts. Returns the way to stop. */
export function observeUpstream(upstream: MeteredUpstream, registry: Registry): () => void {
  const registers = [registry];
  const labelNames = ['operation'];
  const durations = new Histogram({
    name: 'orgql_upstream_call_duration_seconds',
    help: 'Time from sending a call to AWS to its answer.',
    labelNames,
    buckets: CALLS,
    registers,
  });
  const waits = new Histogram({
    name: 'orgql_upstream_wait_seconds',
    help: 'Time that a call waited in the rate budget before it was sent.',
    labelNames,
    buckets: WAITS,
    registers,
  });
  new Counter({
    name: 'orgql_upstream_calls_total',
    help: 'Calls to AWS, each attempt of each, by operation and outcome: ok, or the exception or code.',
    labelNames: ['operation', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [operation, { calls }] of upstream.stats()) {
        for (const [outcome, count] of Object.entries(calls)) this.inc({ operation, outcome }, count);
      }
    },
  });
  const counted = (name: string, help: string, count: (stats: OperationStats) => number) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [operation, stats] of upstream.stats()) this.inc({ operation }, count(stats));
      },
    });
  counted('orgql_upstream_cached_reads_total', 'Reads answered from the cache.', ({ cached }) => cached);
  counted(
    'orgql_upstream_coalesced_reads_total',
    'Reads that joined an identical one under way.',
    ({ coalesced }) => coalesced,
  );
  new Gauge({
    name: 'orgql_upstream_waiting_calls',
    help: 'Calls that wait in the rate budget now.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [operation, count] of upstream.waiting()) this.set({ operation }, count);
    },
  });
  return upstream.onCall(({ operation, durationMs, waitedMs }) => {
    durations.observe({ operation }, durationMs / 1_000);
    waits.observe({ operation }, waitedMs / 1_000);
  });
}
