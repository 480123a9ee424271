import type { Config, NotificationConfig } from '../config/index.ts';
import type { Principal } from '../principal/index.ts';
import { type Clock, systemClock, type Upstream } from '../upstream/index.ts';
import { type JournalStore, MemoryOutboxStore, type Watcher } from '../watcher/index.ts';
import { createDelivery, type DeliveryResult } from './delivery.ts';
import { Destination } from './destination.ts';
import { eventAt } from './events/event.ts';
import { testEvent } from './events/other-events.ts';
import { HostLookups } from './host-lookups.ts';
import { DestinationStatus, type NotificationLog, type NotificationStatus } from './status.ts';

export type { DeliveryResult } from './delivery.ts';
export type { DestinationState, NotificationStatus } from './status.ts';

export interface Notifications {
  /** The destinations that send the changes of a principal. */
  statusOf(principal: Pick<Principal, 'name'>): readonly NotificationStatus[];
  /** All destinations. */
  readonly statuses: readonly NotificationStatus[];
  /**
   * Sends the dead letters of a destination again, and enables it if it is disabled. Returns the number of dead letters;
   * undefined if the principal has no such destination. Rejects when the outbox is unreachable.
   */
  retry(principal: Pick<Principal, 'name'>, name: string): Promise<number | undefined>;
  /** Cancels deliveries in flight. */
  close(): Promise<void>;
}

export interface NotificationsDependencies {
  readonly watcher: Pick<Watcher, 'watch' | 'watchList'>;
  readonly upstream: Pick<Upstream, 'session'>;
  readonly principals: readonly Principal[];
  /** Stores the outboxes. Default: in memory. */
  readonly journals?: JournalStore | undefined;
  readonly log: NotificationLog;
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, which spreads retries. Default: Math.random. */
  readonly random?: (() => number) | undefined;
}

/** Sends a sample to a destination, once. Never rejects. */
export async function sendSample(config: NotificationConfig, clock: Clock = systemClock): Promise<DeliveryResult> {
  const { deliver, close } = createDelivery(config, { clock, lookups: new HostLookups() });
  try {
    const now = clock.wallMs();
    return await deliver(eventAt(0, testEvent(config.name, now)), new AbortController().signal);
  } finally {
    close();
  }
}

/** Sends changes to the destinations of the setting `notifications`, from now on. */
export function startNotifications(
  destinations: Config['notifications'],
  {
    watcher,
    upstream,
    principals,
    journals,
    log,
    clock = systemClock,
    random = Math.random,
  }: NotificationsDependencies,
): Notifications {
  const lookups = new HostLookups();
  const started = destinations.map((config) => {
    const principal = principals.find(({ name }) => name === config.principal);
    if (principal === undefined) throw new TypeError(`The principal ${config.principal} is not defined.`);
    const { name, webhook } = config;
    const status = new DestinationStatus({ name, principal: principal.name, format: webhook.format, clock, log });
    const delivery = createDelivery(config, { clock, lookups });
    const store = journals?.openOutbox?.(principal, name) ?? new MemoryOutboxStore();
    const { deliver } = delivery;
    const parts = { watcher, upstream, principal, clock, random, deliver, status };
    return { config, delivery, destination: new Destination({ ...parts, config, store }) };
  });
  journals
    ?.dropUnusedOutboxes?.()
    .catch((err: unknown) => log.warn({ err }, 'Old outboxes of notifications cannot be deleted.'));
  for (const { destination } of started) destination.start();
  const of = ({ name }: Pick<Principal, 'name'>) => started.filter(({ config }) => config.principal === name);
  return {
    statusOf: (principal) => of(principal).map(({ destination }) => destination.status),
    get statuses() {
      return started.map(({ destination }) => destination.status);
    },
    async retry(principal, name) {
      return await of(principal)
        .find(({ config }) => config.name === name)
        ?.destination.retry();
    },
    async close() {
      await Promise.all(started.map(({ destination }) => destination.close()));
      for (const { delivery } of started) delivery.close();
    },
  };
}
