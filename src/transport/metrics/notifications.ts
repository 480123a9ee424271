import { Counter, Gauge, type Registry } from 'prom-client';
import type { NotificationStatus, Notifications } from '../../notifications/index.ts';

type Value = (status: NotificationStatus) => number | undefined;

/** Exposes metrics of the destinations of notifications, one sample for each. */
export function observeNotifications(notifications: Pick<Notifications, 'statuses'>, registry: Registry): void {
  const options = { labelNames: ['destination'], registers: [registry] };
  const counter = (name: string, help: string, read: Value) =>
    new Counter({
      ...{ name, help, ...options },
      collect() {
        this.reset();
        for (const status of notifications.statuses) this.inc({ destination: status.name }, read(status) ?? 0);
      },
    });
  /** Undefined: no sample. */
  const gauge = (name: string, help: string, read: Value) =>
    new Gauge({
      ...{ name, help, ...options },
      collect() {
        this.reset();
        for (const status of notifications.statuses) {
          const value = read(status);
          if (value !== undefined) this.set({ destination: status.name }, value);
        }
      },
    });
  counter('orgql_notifications_sent_total', 'Events that were delivered to a destination.', ({ sent }) => sent);
  counter('orgql_notifications_failed_total', 'Deliveries to a destination that failed.', ({ failed }) => failed);
  counter(
    'orgql_notifications_retries_total',
    'Deliveries of events that had failed before.',
    ({ retries }) => retries,
  );
  counter(
    'orgql_notifications_dropped_total',
    'Events and dead letters that were dropped, as they exceeded maxBytes. Should be 0.',
    ({ dropped }) => dropped,
  );
  gauge('orgql_notifications_pending', 'Events that are not delivered yet.', ({ pending }) => pending);
  gauge('orgql_notifications_pending_bytes', 'Size of these events.', ({ pendingBytes }) => pendingBytes);
  gauge(
    'orgql_notifications_dead_letters',
    'Events that could not be delivered in time.',
    (status) => status.deadLetters,
  );
  gauge(
    'orgql_notifications_lag_seconds',
    'Time from the last delivered change to its delivery; absent before the first.',
    ({ lagMs }) => (lagMs === undefined ? undefined : lagMs / 1_000),
  );
  gauge(
    'orgql_notifications_failing',
    '1 if a destination fails, is disabled, or its events cannot be stored; otherwise 0.',
    ({ state }) => Number(state === 'FAILING' || state === 'DISABLED' || state === 'UNAVAILABLE'),
  );
}
