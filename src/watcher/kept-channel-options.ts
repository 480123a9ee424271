import type { Principal } from '../principal/principal.ts';
import type { WatchContext } from './context.ts';
import type { CreateEndError } from './errors.ts';
import type { JournalStore, LogOffset, LogRecord } from './journal.ts';
import type { ObjectChanges } from './object-changes.ts';
import type { Shortfall } from './sweep-schedule.ts';
import type { KnownLists, Sweep } from './sweep-types.ts';

export interface KeptChannelOptions<T> {
  readonly context: WatchContext;
  readonly principal: Principal;
  readonly sweep: Sweep<T>;
  /** The name of the log. */
  readonly log: string;
  readonly journals: JournalStore;
  readonly lists: KnownLists;
  readonly maxAgeMs: number;
  /** The share of each operation's rate, 0 to 1. */
  readonly share: number;
  /** The place of the list in the order of sweeps, from 0. */
  readonly rank: number;
  readonly onChange: (changes: ObjectChanges) => void;
  /** Called when objects were found before the list is complete. */
  readonly onPartial: () => void;
  /** Called when the list was read, by this process or another one, or cannot be read. */
  readonly onRead: () => void;
  /** A batch is stored. `before`: the end of the log before. */
  readonly onStored: (before: LogOffset, records: readonly LogRecord<T>[]) => void;
  /** The log cannot be continued, or AWS fails for long. `isWaiting`: also for those that have received nothing yet. */
  readonly onLost: (createEnd: CreateEndError, isWaiting: boolean) => void;
  readonly onShortfall: (shortfall: Shortfall) => void;
}
