import type { WatchError } from './errors.ts';
import type { RowChange } from './row-table.ts';

/** The state of the connection and of the rows. */
export type TableStatus =
  /** Before the first event. */
  | { readonly state: 'connecting' }
  /** A snapshot is arriving. `rows` are those before it. */
  | { readonly state: 'loading' }
  /** The rows are complete, and changes arrive as they happen. */
  | { readonly state: 'live' }
  /** The connection is lost. `rows` stay as they were, and missed events are applied when it is back. */
  | {
      readonly state: 'reconnecting';
      readonly reason: WatchError;
      /** The number of failures in a row. */
      readonly failures: number;
      /** Undefined during an attempt, and while graphql-ws retries. */
      readonly retryAt: Date | undefined;
    }
  /** The watched object has reached its final state, or `close` was called. */
  | { readonly state: 'ended'; readonly reason: 'completed' | 'closed' }
  /** A retry makes no sense before the cause is corrected. */
  | { readonly state: 'ended'; readonly reason: 'failed'; readonly error: WatchError };

/** The state of a table at a time. It never changes. */
export interface TableSnapshot<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly status: TableStatus;
  readonly updatedAt: Date | undefined;
}

/** Objects by id that a subscription keeps up to date. Its functions need no `this`. */
export interface Table<Row, Event = unknown> {
  /**
   * The rows by id, complete as of `updatedAt`. A map does not change: the next change creates another one, with the
   * same objects for unchanged rows.
   */
  readonly rows: ReadonlyMap<string, Row>;
  /**
   * Rows of the first snapshot that have arrived so far, to show before `rows` are complete; empty afterwards.
   * Listeners are not called for each of them.
   */
  readonly loadingRows: ReadonlyMap<string, Row>;
  readonly status: TableStatus;
  /**
   * The `observedAt` of the last event, BOOKMARKs included, or the time of its arrival if that is not selected.
   * Undefined before the first complete snapshot.
   */
  readonly updatedAt: Date | undefined;
  /** Returns the same object until something changes, as React's `useSyncExternalStore` needs it. */
  readonly getSnapshot: () => TableSnapshot<Row>;
  /** Calls `listener` after rows, status or time have changed. Returns a function that removes it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Calls `listener` with the changes of rows, in order. Returns a function that removes it. */
  readonly onChange: (listener: (changes: readonly RowChange<Row, Event>[]) => void) => () => void;
  /**
   * Yields all rows as changes, then every change. A slow reader receives several changes of a row as one, so its
   * memory is bounded by the rows. Ends with the table, and throws its error.
   */
  readonly changes: () => AsyncGenerator<readonly RowChange<Row, Event>[], void, undefined>;
  /** Resolves when `rows` are complete for the first time. Rejects with a `WatchError` if the table ends before. */
  readonly ready: () => Promise<void>;
  /** Connects at once if the table waits for its next attempt or has failed; it resumes after its last event. */
  readonly retry: () => void;
  /** Ends the subscription. The rows stay readable. */
  readonly close: () => void;
}
