/** Events that are not delivered yet, and those that could not be delivered. */
export type OutboxQueue = 'pending' | 'dead';

/** The changes of one atomic commit. */
export interface OutboxCommit {
  /** Fields by name; undefined deletes a field. */
  readonly fields?: ReadonlyMap<string, string | undefined> | undefined;
  readonly put?: readonly StoredItem[] | undefined;
  readonly delete?: readonly { readonly queue: OutboxQueue; readonly place: number }[] | undefined;
}

export interface StoredItem {
  readonly queue: OutboxQueue;
  readonly place: number;
  readonly text: string;
}

/** The state of a lease after it was renewed. */
export interface OutboxLease {
  readonly isHeld: boolean;
  /** The requests of other processes since the last renewal, see `OutboxStore.request`. */
  readonly requests: readonly string[];
}

/**
 * Stores the outbox of one destination: fields, and two queues of texts in the order of their places. All methods
 * reject when the store is unreachable.
 */
export interface OutboxStore {
  /** How often `renew` must be called to keep the lease, in ms; undefined if no other process can take it. */
  readonly renewEveryMs: number | undefined;
  /** Takes the lease if it is free, or renews it. Only its holder may call `commit`. */
  renew(): Promise<OutboxLease>;
  release(): Promise<void>;
  /** The fields, for its holder or any other process. */
  load(): Promise<ReadonlyMap<string, string>>;
  /** Returns false, and stores nothing, without the lease. */
  commit(commit: OutboxCommit): Promise<boolean>;
  /** Items after a place, at most `limit`. */
  read(queue: OutboxQueue, after: number, limit: number): Promise<readonly StoredItem[]>;
  /** Sends a request to the holder of the lease. */
  request(request: string): Promise<void>;
}
