import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Watcher } from '../../watcher/types.ts';

const LAGS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30];

/** Shows who listens, what is polled for them, and how late they hear. Returns the way to stop. */
export function observeWatcher(watcher: Watcher, registry: Registry): () => void {
  const registers = [registry];
  new Gauge({
    name: 'orgql_pollers',
    help: 'Lists that are polled by this process now.',
    registers,
    collect() {
      this.set(watcher.activePollers);
    },
  });
  new Gauge({
    name: 'orgql_watch_overdue_pollers',
    help: 'Lists whose poller should have read long ago: their subscribers get no events. Should be 0.',
    registers,
    collect() {
      this.set(watcher.overduePollers.length);
    },
  });
  new Counter({
    name: 'orgql_watch_faults_total',
    help: 'Internal faults that the watcher has survived; the log shows some of them. Should be 0.',
    registers,
    collect() {
      this.reset();
      this.inc(watcher.faults);
    },
  });
  new Gauge({
    name: 'orgql_subscribers',
    help: 'Subscriptions that are open now.',
    registers,
    collect() {
      this.set(watcher.subscribers);
    },
  });
  const lags = new Histogram({
    name: 'orgql_event_lag_seconds',
    help: 'Time from when a change was seen at AWS to when a subscriber took its event.',
    buckets: LAGS,
    registers,
  });
  return watcher.onDelivery((lagMs) => lags.observe(lagMs / 1_000));
}
