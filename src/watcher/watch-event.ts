import type { CreateAccountStatus, Handshake, ResponsibilityTransfer } from '../upstream/index.ts';

/**
 * The lists that can be watched, with the types of their objects. Each list of a principal has one poller for all
 * subscribers.
 */
export interface WatchedObjects {
  organizationHandshakes: Handshake;
  accountHandshakes: Handshake;
  inboundResponsibilityTransfers: ResponsibilityTransfer;
  outboundResponsibilityTransfers: ResponsibilityTransfer;
  createAccountStatuses: CreateAccountStatus;
}
export type WatchedList = keyof WatchedObjects;

export type WatchEventType = 'SNAPSHOT' | 'BOOKMARK' | 'ADDED' | 'CHANGED' | 'REMOVED';

/** The record of a log that an event reports. */
export interface EventRecord {
  readonly epoch: string;
  readonly sequence: number;
  /** Its number among the events of the record, as one record may change several objects for a filter. */
  readonly part: number;
}

export interface WatchEvent<T> {
  /** Opaque. `after: cursor` resumes after this event. */
  readonly cursor: string;
  readonly type: WatchEventType;
  /**
   * True in a SNAPSHOT, and in the BOOKMARK that ends a snapshot: together they replace all earlier events.
   * With `after`, it means that the missed events are no longer stored.
   */
  readonly reset: boolean;
  /** State (handshake, account creation) or status (transfer) before a CHANGED or REMOVED; else null. */
  readonly previousState: string | null;
  /** Null in a BOOKMARK. The last known object in a REMOVED. */
  readonly object: T | null;
  readonly observedAt: Date;
  /** Undefined in a SNAPSHOT and a BOOKMARK. */
  readonly record?: EventRecord | undefined;
  /** The version before a CHANGED, if the log has it. In the lists of a copy, `members` has the differences instead. */
  readonly previous?: T | undefined;
}
