import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MeteredUpstream, OperationStats } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import type { RunningServer } from '../index.ts';

/** AWS answers in tens to hundreds of milliseconds; in seconds. */
const CALLS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** AWS's rates make a call wait from nothing to the operation's deadline; in seconds. */
const WAITS = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const EVENT_LAGS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30];

/** How often the delay of the event loop is measured, in ms. */
const RESOLUTION_MS = 10;

/** Values of a metric, by the value of its label. */
type Values = Iterable<readonly [label: string, value: number]>;

/** A gauge that is read at each scrape. */
function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A gauge with a label, read at each scrape. */
function labeledGauge(registry: Registry, name: string, help: string, label: string, read: () => Values): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of read()) this.set({ [label]: value }, count);
    },
  });
}

/** A counter of what is counted elsewhere, read at each scrape. */
function counter(registry: Registry, name: string, help: string, labels: string[], read: () => Iterable<Count>): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      for (const [values, count] of read()) this.inc(values, count);
    },
  });
}

type Count = readonly [labels: Readonly<Record<string, string>>, count: number];

/** Parts of the gateway that go on when they fail, so that metrics have to show it. */
export interface ObservedParts {
  /** Absent without `watch.store`. */
  readonly store?: { readonly code: string | undefined } | undefined;
  /** Absent without `auth.jwksUri`. */
  readonly jwks?:
    | { readonly reads: number; readonly failedReads: number; readonly ageMs: number | undefined }
    | undefined;
}

export function observeParts({ store, jwks }: ObservedParts, registry: Registry): void {
  gauge(
    registry,
    'orgql_store_failed',
    '1 when watch.store could not be opened or written since the start, so that events are in memory only; otherwise 0.',
    () => (store?.code === undefined ? 0 : 1),
  );
  gauge(
    registry,
    'orgql_jwks_age_seconds',
    "Age of the token issuer's keys that are in use; 0 when none are.",
    () => (jwks?.ageMs ?? 0) / 1_000,
  );
  counter(registry, 'orgql_jwks_reads_total', "Reads of the token issuer's keys.", ['outcome'], () => [
    [{ outcome: 'ok' }, jwks?.reads ?? 0],
    [{ outcome: 'error' }, jwks?.failedReads ?? 0],
  ]);
}

/** Exposes metrics of buffers and connections. */
export function observeServer(server: Pick<RunningServer, 'state'>, registry: Registry): void {
  gauge(
    registry,
    'orgql_buffered_bytes',
    'Bytes that are buffered for clients now: requests and messages that are not complete, and answers that are not read.',
    () => server.state.bufferedBytes,
  );
  labeledGauge(
    registry,
    'orgql_connections',
    'TCP connections that are open now; proxy: from a trusted proxy.',
    'state',
    () => Object.entries(server.state.connections),
  );
}

/** prom-client's default metrics cannot be stopped; these have the same names. Returns the function that stops them. */
export function observeProcess(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  labeledGauge(
    registry,
    'orgql_event_loop_delay_seconds',
    'How late the event loop was since the last scrape.',
    'quantile',
    () => {
      // The timer fires every RESOLUTION_MS; the excess is the delay. Without a sample there is no delay to report.
      const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000) || 0;
      const values: Values = [
        ['0.5', late(delay.percentile(50))],
        ['0.99', late(delay.percentile(99))],
        ['1', late(delay.max)],
      ];
      delay.reset();
      return values;
    },
  );
  gauge(registry, 'process_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss());
  gauge(registry, 'nodejs_heap_size_used_bytes', 'Memory that objects use.', () => process.memoryUsage().heapUsed);
  counter(registry, 'process_cpu_seconds_total', 'CPU time, user and system.', [], () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / 1e6]];
  });
  return () => delay.disable();
}

/** Exposes metrics of calls to AWS. Returns a function that stops it. */
export function observeUpstream(upstream: MeteredUpstream, registry: Registry): () => void {
  const options = { labelNames: ['operation'], registers: [registry] };
  const durations = new Histogram({
    name: 'orgql_upstream_call_duration_seconds',
    help: 'Time from sending a call to AWS to its answer.',
    buckets: CALLS,
    ...options,
  });
  const waits = new Histogram({
    name: 'orgql_upstream_wait_seconds',
    help: 'Time that a call waited in the rate budget before it was sent.',
    buckets: WAITS,
    ...options,
  });
  counter(
    registry,
    'orgql_upstream_calls_total',
    'Calls to AWS, each attempt of each, by operation and outcome: ok, or the exception or code.',
    ['operation', 'outcome'],
    () =>
      [...upstream.stats()].flatMap(([operation, { calls }]) =>
        Object.entries(calls).map(([outcome, count]): Count => [{ operation, outcome }, count]),
      ),
  );
  const reads = (name: string, help: string, count: (stats: OperationStats) => number) =>
    counter(registry, name, help, ['operation'], () =>
      [...upstream.stats()].map(([operation, stats]): Count => [{ operation }, count(stats)]),
    );
  reads('orgql_upstream_cached_reads_total', 'Reads answered from the cache.', ({ cached }) => cached);
  reads(
    'orgql_upstream_coalesced_reads_total',
    'Reads that joined an identical one in flight.',
    (stats) => stats.coalesced,
  );
  labeledGauge(registry, 'orgql_upstream_waiting_calls', 'Calls that wait in the rate budget now.', 'operation', () =>
    upstream.waiting(),
  );
  return upstream.onCall(({ operation, durationMs, waitedMs }) => {
    durations.observe({ operation }, durationMs / 1_000);
    waits.observe({ operation }, waitedMs / 1_000);
  });
}

/** Exposes metrics of subscriptions, pollers and event lag. Returns a function that stops it. */
export function observeWatcher(watcher: Watcher, registry: Registry): () => void {
  gauge(registry, 'orgql_pollers', 'Lists that are polled by this process now.', () => watcher.activePollers);
  gauge(
    registry,
    'orgql_watch_overdue_pollers',
    'Lists whose poller should have read long ago: their subscribers get no events. Should be 0.',
    () => watcher.overduePollers.length,
  );
  counter(
    registry,
    'orgql_watch_faults_total',
    'Internal faults that the watcher has survived; the log shows some of them. Should be 0.',
    [],
    () => [[{}, watcher.faults]],
  );
  gauge(registry, 'orgql_subscribers', 'Subscriptions that are open now.', () => watcher.subscribers);
  const lags = new Histogram({
    name: 'orgql_event_lag_seconds',
    help: 'Time from when a change was seen at AWS to when a subscriber took its event.',
    buckets: EVENT_LAGS,
    registers: [registry],
  });
  return watcher.onDelivery((lagMs) => lags.observe(lagMs / 1_000));
}
