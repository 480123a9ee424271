// Generated from the documents beside it by `npm run console:documents`. Do not edit.
import { TypedDocument } from './typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Where a copy is. */
export type InventoryState =
  /** It has never been complete. */
  | 'LOADING'
  /** It is complete, and not older than the setting `maxAgeMs`. */
  | 'READY'
  /** It is complete, and older. */
  | 'STALE'
  /** AWS refuses the reads, or they fail. */
  | 'UNAVAILABLE';

/** Whether events are delivered to a destination. */
export type NotificationState =
  /** Events are delivered. */
  | 'ACTIVE'
  /** The receiver replied with status 410. `retryNotifications` enables it. */
  | 'DISABLED'
  /** Deliveries fail. Events are kept, and sent again. */
  | 'FAILING'
  /** Another replica sends the events. */
  | 'STANDBY'
  /** The store of the events cannot be used. They are sent when it can. */
  | 'UNAVAILABLE';

export type GatewayStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;

export type GatewayStatusSubscription = { gatewayStatusChanges: { now: string, version: string, startedAt: string, inventory: { state: InventoryState, progress: number, asOf: string | null, lists: Array<{ name: string, objects: number, state: InventoryState, asOf: string | null, nextRefreshAt: string | null, progress: number, calls: number, error: string | null }> } | null, upstreamCalls: Array<{ minute: string, calls: number, cached: number, throttled: number }>, rateBudget: Array<{ operation: string, left: number, burst: number, ratePerSecond: number, callsLastHour: number }>, pollers: Array<{ list: string, intervalMs: number, subscribers: number, lastReadAt: string | null, error: string | null }>, notifications: Array<{ name: string, state: NotificationState, pending: number, deadLetters: number, lastSentAt: string | null, error: string | null }>, principals: Array<{ name: string, accountId: string | null, ready: boolean, code: string | null }> } };

export const GatewayStatusDocument = new TypedDocument<GatewayStatusSubscription, GatewayStatusSubscriptionVariables>(`subscription GatewayStatus {
  gatewayStatusChanges {
    now
    version
    startedAt
    inventory {
      state
      progress
      asOf
      lists {
        name
        objects
        state
        asOf
        nextRefreshAt
        progress
        calls
        error
      }
    }
    upstreamCalls {
      minute
      calls
      cached
      throttled
    }
    rateBudget {
      operation
      left
      burst
      ratePerSecond
      callsLastHour
    }
    pollers {
      list
      intervalMs
      subscribers
      lastReadAt
      error
    }
    notifications {
      name
      state
      pending
      deadLetters
      lastSentAt
      error
    }
    principals {
      name
      accountId
      ready
      code
    }
  }
}`);
