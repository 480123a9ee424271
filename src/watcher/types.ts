import type { Principal } from '../principal/principal.ts';
import type { CreateAccountStatus, Handshake, ResponsibilityTransfer } from '../upstream/index.ts';

/** An unverified notification. It only triggers early polls, with the pollers' own credentials and within their budget. */
export interface Hint {
  /** AWS's name of what was done: an operation, or a service event of CloudTrail. */
  readonly eventName: string;
  /** The accounts that it concerns: the caller, the one whose trail has it, and those that it names. */
  readonly accountIds: readonly string[];
  /** Ids of handshakes and transfers that it names. */
  readonly objectIds: readonly string[];
}

/** A poller whose next read, or next page, should have come long ago. */
export interface OverduePoller {
  readonly principal: string;
  /** The list, or `describe:<id>`. */
  readonly list: string;
  /** Since it should have read, in ms. */
  readonly overdueMs: number;
}

/** The lists that can be watched, and what each holds. One poller per list and principal, however many subscribe. */
export interface WatchedObjects {
  organizationHandshakes: Handshake;
  accountHandshakes: Handshake;
  inboundResponsibilityTransfers: ResponsibilityTransfer;
  outboundResponsibilityTransfers: ResponsibilityTransfer;
  createAccountStatuses: CreateAccountStatus;
}
export type WatchedList = keyof WatchedObjects;

export type WatchEventType = 'SNAPSHOT' | 'BOOKMARK' | 'ADDED' | 'CHANGED' | 'REMOVED';

export interface WatchEvent<T> {
  /** Opaque; `after: cursor` resumes behind this event. */
  readonly cursor: string;
  readonly type: WatchEventType;
  /**
   * True in a SNAPSHOT, and in the BOOKMARK that ends a snapshot: together they replace all earlier events.
   * With `after`, it says that what was missed is not kept any more.
   */
  readonly reset: boolean;
  /** State (handshake, account creation) or status (transfer) before a CHANGED or REMOVED; else null. */
  readonly previousState: string | null;
  /** Null in a BOOKMARK. The last known object in a REMOVED. */
  readonly object: T | null;
  readonly observedAt: Date;
}

export interface WatchOptions<T> {
  readonly after?: string | undefined;
  /** Which objects the subscriber wants; must depend only on what never changes in an object (its id, its action). */
  readonly match?: ((object: T) => boolean) | undefined;
  /** Names what `match` asks for, so that a cursor is refused by a subscription with another filter. */
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
   * Present state first (a SNAPSHOT per matching object, then a BOOKMARK), then every later change, in order, each once.
   * With `after`: what was missed, then a BOOKMARK. Rejects with an `UpstreamError` when the first read fails,
   * and with a `WatchError` for a cursor from elsewhere, a subscriber that does not read, and an upstream that failed for long.
   */
  watch<L extends WatchedList>(
    principal: Principal,
    list: L,
    options?: WatchOptions<WatchedObjects[L]>,
  ): AsyncIterableIterator<WatchEvent<WatchedObjects[L]>>;
  /** One handshake, by whichever list holds it; completes after its final state. */
  readonly watchHandshake: WatchObject<Handshake>;
  /** One transfer, by whichever list holds it; completes after its final status. */
  readonly watchResponsibilityTransfer: WatchObject<ResponsibilityTransfer>;
  /** One account creation; completes after SUCCEEDED or FAILED. */
  readonly watchCreateAccountStatus: WatchObject<CreateAccountStatus>;
  /** Makes the pollers that may see what the hint tells of look at once, here or in another process. */
  hint(hint: Hint): void;
  /** Pollers that run now, for tests and metrics. */
  readonly activePollers: number;
  readonly overduePollers: readonly OverduePoller[];
  /** Internal faults that were survived, since the start. */
  readonly faults: number;
  readonly subscribers: number;
  /**
   * Calls `listener` whenever a subscriber takes a change that came while it listened, with the time since it was observed, in ms.
   * Returns the way to stop.
   */
  onDelivery(listener: (lagMs: number) => void): () => void;
  close(): Promise<void>;
}
