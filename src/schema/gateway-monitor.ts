import { version } from '../config/version.ts';
import type { InventoryStatus, OrganizationCopy } from '../inventory/types.ts';
import type { NotificationStatus, Notifications } from '../notifications/index.ts';
import type { Principal } from '../principal/index.ts';
import {
  awsTime,
  type Clock,
  type MeteredUpstream,
  type PrincipalUsage,
  systemClock,
  type WallMs,
} from '../upstream/index.ts';
import { repeatEvery } from '../watcher/channel-lease.ts';
import type { PollerStatus, Watcher } from '../watcher/types.ts';
import { LatestValue } from './latest-value.ts';

/** Whether AWS answered the last call of a principal. */
export interface PrincipalStatus {
  readonly name: string;
  readonly accountId: string | undefined;
  /** The code of its last call, if AWS did not answer it or refused the credentials. */
  readonly code: string | undefined;
}

/** The state of this process, as one principal and its caller may see it. */
export interface GatewayStatus {
  /** The time at AWS. */
  readonly now: WallMs;
  readonly version: string;
  readonly startedAt: WallMs;
  readonly inventory: InventoryStatus | undefined;
  readonly usage: Pick<PrincipalUsage, 'minutes' | 'budget'>;
  readonly pollers: readonly PollerStatus[];
  readonly notifications: readonly NotificationStatus[];
  readonly principals: readonly PrincipalStatus[];
}

/** Reads the gateway's state from memory: neither method calls AWS. */
export interface GatewayMonitor {
  /** `principals`: those of the caller. */
  status(principal: Principal, principals: readonly Principal[]): GatewayStatus;
  /**
   * Emits the present status, and later ones that differ, at most one a second. A slow reader gets the latest alone.
   */
  changes(principal: Principal, principals: readonly Principal[]): AsyncIterableIterator<GatewayStatus>;
}

export interface GatewayMonitorDependencies {
  readonly upstream: Pick<MeteredUpstream, 'usageOf'>;
  readonly watcher: Pick<Watcher, 'pollersOf'>;
  readonly copyOf: (principal: Principal) => Pick<OrganizationCopy, 'status'> | undefined;
  /** Absent without destinations. */
  readonly notifications?: Pick<Notifications, 'statusOf'> | undefined;
  readonly clock?: Clock;
}

/** The least time between two events of a subscriber, in ms. */
const INTERVAL_MS = 1_000;
/** A timer may fire a little early. */
const TOLERANCE_MS = 5;
/** Pollers that a status lists; a principal may have one for each object that is watched. */
const MAX_POLLERS = 100;

export function createGatewayMonitor(dependencies: GatewayMonitorDependencies): GatewayMonitor {
  const { upstream, watcher, copyOf, notifications, clock = systemClock } = dependencies;
  const startedAt = clock.wallMs();
  const feeds = new Map<string, StatusFeed>();

  const status = (principal: Principal, principals: readonly Principal[]): GatewayStatus => {
    const { minutes, budget } = upstream.usageOf(principal);
    return {
      now: awsTime(principal),
      version,
      startedAt,
      inventory: copyOf(principal)?.status,
      usage: { minutes, budget },
      pollers: watcher.pollersOf(principal).slice(0, MAX_POLLERS),
      notifications: notifications?.statusOf(principal) ?? [],
      principals: principals.map((each) => {
        const { accountId, failure } = upstream.usageOf(each);
        return { name: each.name, accountId, code: failure };
      }),
    };
  };

  return {
    status,
    changes(principal, principals) {
      const key = JSON.stringify([principal.name, ...principals.map(({ name }) => name)]);
      let feed = feeds.get(key);
      if (feed === undefined) {
        feed = new StatusFeed(
          clock,
          () => status(principal, principals),
          () => void feeds.delete(key),
        );
        feeds.set(key, feed);
      }
      return feed.subscribe();
    },
  };
}

interface Sent {
  /** The content of the last status. */
  content: string;
  /** In the clock's ms. */
  at: number;
}

/** Sends the same status to all callers with the same principals, and looks for changes while there are any. */
class StatusFeed {
  readonly #clock: Clock;
  readonly #read: () => GatewayStatus;
  readonly #onIdle: () => void;
  readonly #subscribers = new Map<LatestValue<GatewayStatus>, Sent>();
  #stop: (() => void) | undefined;

  /** `onIdle`: called when the last subscriber has left. */
  constructor(clock: Clock, read: () => GatewayStatus, onIdle: () => void) {
    this.#clock = clock;
    this.#read = read;
    this.#onIdle = onIdle;
  }

  subscribe(): LatestValue<GatewayStatus> {
    const subscriber = new LatestValue<GatewayStatus>(() => this.#remove(subscriber));
    const status = this.#read();
    this.#subscribers.set(subscriber, { content: contentOf(status), at: this.#clock.monotonicMs() });
    subscriber.push(status);
    this.#stop ??= repeatEvery(this.#clock, INTERVAL_MS, () => this.#publish());
    return subscriber;
  }

  #remove(subscriber: LatestValue<GatewayStatus>): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#stop?.();
    this.#onIdle();
  }

  #publish(): void {
    const status = this.#read();
    const content = contentOf(status);
    const at = this.#clock.monotonicMs();
    for (const [subscriber, sent] of this.#subscribers) {
      if (sent.content === content || at - sent.at < INTERVAL_MS - TOLERANCE_MS) continue;
      Object.assign(sent, { content, at } satisfies Sent);
      subscriber.push(status);
    }
  }
}

/** All of a status but the passing of time, which is no change. */
function contentOf({ now: _, usage, ...rest }: GatewayStatus): string {
  const minutes = usage.minutes.filter(({ calls, cached }) => calls + cached > 0);
  return JSON.stringify([rest, usage.budget, minutes]);
}
