import type { Caller, Principal } from '../principal/index.ts';
import type { OperationName, UpstreamSession, WriteEnd } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';

/** What every resolver gets: who asks, as whom AWS is called, and the two ways to AWS (reads and writes; changes). */
export interface GraphContext {
  /** Who sent the request. */
  readonly caller: Caller;
  /** As whom this operation calls AWS. */
  readonly principal: Principal;
  /** All principals that the caller may choose, the default first. */
  readonly principals: readonly Principal[];
  /** All upstream calls of this operation; of one event, in a subscription. */
  readonly session: UpstreamSession;
  /** Told that from here on `onWriteEnd` is told how the write of this field, by its key in the response, ends. */
  readonly onWriteBegin?: (field: string | number) => void;
  /** Told how each write ends, and of one that was refused before it came to that. */
  readonly onWriteEnd?: (end: WriteEnd) => void;
  /** A subscription calls this before it resolves an event, so that an event's fields are read anew, within a deadline of their own. */
  renewSession(): void;
  readonly watcher: Watcher;
  /** Whether the operation has a list that is sent item by item (`@stream`), while later pages are still being read. */
  readonly streams?: boolean;
  /**
   * How many keys of each kind (loaders/scan-kinds.ts) the operation may load at most, as its cost estimate found. Absent, and so every
   * object read for itself, in mutations: between their writes nothing read before may be used.
   */
  readonly forecast?: ReadonlyMap<string, number>;
  /** Tells that its run lets others have a turn, and is not through with what it could do at once. */
  readonly turns?: { readonly isPaused: boolean; resumed(): Promise<void> };
  /** Belongs to loaders/load-by-key.ts. */
  loaders?: object;
  readonly settings: {
    /** The largest `first` of a connection. */
    readonly maxFirst: number;
    /** Key of the signature that connection cursors carry. */
    readonly cursorKey: Uint8Array;
    /** Calls that the rate budget grants an operation in a second; Infinity without a budget. */
    readonly ratePerSecond: (operation: OperationName) => number;
  };
}
