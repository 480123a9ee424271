import type { Principal } from '../principal/principal.ts';
import type { CreateAccountStatus, Handshake, ResponsibilityTransfer, WallMs } from '../upstream/index.ts';
import type { ChangedList, ChangedObjects, ListEvent, ListWatchOptions } from './list-changes.ts';
import type { WatchEvent, WatchedList, WatchedObjects } from './watch-event.ts';

export type * from './watch-event.ts';

/** What an id in an event identifies. `service`: a service principal. */
export type IdRole =
  | 'account'
  | 'creation'
  | 'handshake'
  | 'organization'
  | 'organizationalUnit'
  | 'parent'
  | 'policy'
  | 'policyType'
  | 'resource'
  | 'resourcePolicy'
  | 'root'
  | 'service'
  | 'target'
  | 'transfer';

export type EventIds = { readonly [R in IdRole]?: readonly string[] };

/**
 * An unverified notification. It only triggers early polls, with the pollers' own credentials and within their budget.
 */
export interface Hint {
  /** AWS's name of the change: an operation, or a service event of CloudTrail. */
  readonly eventName: string;
  /** The accounts that it concerns: the caller's, the trail's, and those in the event. */
  readonly accountIds: readonly string[];
  /** The ids of handshakes and transfers in the event. */
  readonly objectIds: readonly string[];
  /** The ids that the event names, as in the table of events. A replica of an earlier version sends none. */
  readonly ids?: EventIds | undefined;
}

/** A poller whose next read or page is late. */
export interface OverduePoller {
  readonly principal: string;
  /** The list, or `describe:<id>`. */
  readonly list: string;
  /** How late it is, in ms. */
  readonly overdueMs: number;
}

/** The polls of one list, or of one described object. */
export interface PollerStatus {
  /** The list, or `describe:<id>`. */
  readonly list: string;
  /** The time between two reads at the moment, in ms. */
  readonly intervalMs: number;
  /** Of this process. The copy of an organization is none. */
  readonly subscribers: number;
  readonly lastReadOn: WallMs | undefined;
  /** Why the last read failed; undefined after a success. */
  readonly error: string | undefined;
}

export interface WatchOptions<T> {
  readonly after?: string | undefined;
  /** Selects objects. Must depend only on members that never change (the id, the action). */
  readonly match?: ((object: T) => boolean) | undefined;
  /** A name for `match`, so that a subscription with another filter rejects the cursor. */
  readonly filter?: string | undefined;
  /** Ends the subscription, as the iterator's `return` does. */
  readonly signal?: AbortSignal | undefined;
}

export type ObjectWatchOptions<T> = Omit<WatchOptions<T>, 'match' | 'filter'>;

type WatchObject<T> = (
  principal: Principal,
  id: string,
  options?: ObjectWatchOptions<T>,
) => AsyncIterableIterator<WatchEvent<T>>;

export interface Watcher {
  /**
   * Emits the present state (a SNAPSHOT per matching object, then a BOOKMARK), then every later change, in order, each
   * once. With `after`, emits the missed events, then a BOOKMARK. Rejects with an `UpstreamError` when the first read
   * fails, and with a `WatchError` for another subscription's cursor, a slow subscriber, and an upstream that fails for
   * long.
   */
  watch<L extends WatchedList>(
    principal: Principal,
    list: L,
    options?: WatchOptions<WatchedObjects[L]>,
  ): AsyncIterableIterator<WatchEvent<WatchedObjects[L]>>;
  /**
   * Watches a list of the principal's organization. A change of an object's tags, or of a policy's text, is a change of
   * the object if the copy of the organization has tags and contents. Without a copy, the list is read while it has
   * subscribers. Emits and rejects like `watch`.
   */
  watchList<L extends ChangedList>(
    principal: Principal,
    list: L,
    options?: ListWatchOptions<ChangedObjects[L]>,
  ): AsyncIterableIterator<ListEvent<ChangedObjects[L]>>;
  /** Watches one handshake. Completes after its final state. */
  readonly watchHandshake: WatchObject<Handshake>;
  /** Watches one transfer. Completes after its final status. */
  readonly watchResponsibilityTransfer: WatchObject<ResponsibilityTransfer>;
  /** Watches one account creation. Completes after SUCCEEDED or FAILED. */
  readonly watchCreateAccountStatus: WatchObject<CreateAccountStatus>;
  /** Triggers the pollers that may see the change, in this process and the others. */
  hint(hint: Hint): void;
  /** The number of running pollers, for tests and metrics. */
  readonly activePollers: number;
  readonly overduePollers: readonly OverduePoller[];
  /** The lists of a principal that are polled at the moment, by this or another process. */
  pollersOf(principal: Principal): readonly PollerStatus[];
  /** The number of internal faults since the start. */
  readonly faults: number;
  readonly subscribers: number;
  /**
   * Calls `listener` when a subscriber reads a live change, with the time since it was observed, in ms. Returns a
   * function that stops it.
   */
  onDelivery(listener: (lagMs: number) => void): () => void;
  close(): Promise<void>;
}
