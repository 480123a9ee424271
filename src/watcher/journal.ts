import { randomBytes } from 'node:crypto';
import type { Principal } from '../principal/principal.ts';
import type { WallMs } from '../upstream/index.ts';
import type { ChangeCause, HistoryStore } from './history/history-types.ts';
import type { LogOffset } from './log-offset.ts';
import type { OutboxStore } from './outbox/outbox-store.ts';

export type { LogOffset } from './log-offset.ts';

export interface Change<T> {
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly id: string;
  readonly previousState: string | null;
  readonly object: T;
  /** The version before a CHANGED. Records that an earlier release has stored may lack it. */
  readonly previous?: T | undefined;
  /** Undefined for a change that a poll or a sweep has found. */
  readonly cause?: ChangeCause | undefined;
}

export interface LogRecord<T> extends LogOffset, Change<T> {
  /** The date at which it was observed, for display. */
  readonly at: WallMs;
}

/**
 * Marks the present version of an object as the result of an own write, which AWS's lists may not show yet. It is kept
 * until the lists have settled. Processes share no clock, so it has no time: a new leader lets the lists settle from
 * when it learned of the write.
 */
export interface WriteMarker {
  /** Whether a list has shown this version. */
  readonly confirmed: boolean;
}

/** The known version of an object, and when it was last read. */
export interface ObservedObject<T> {
  readonly object: T;
  readonly observedAt: WallMs;
  /** The next leader must know it, too. */
  readonly write?: WriteMarker | undefined;
}

/** The result of one read of the list, or of one own write. */
export interface Batch<T> {
  /** The changes to publish, in order. May be empty. */
  readonly records: readonly LogRecord<T>[];
  /** The new versions of objects, published or not; undefined for removed objects. */
  readonly patch: ReadonlyMap<string, ObservedObject<T> | undefined>;
  /** The number of the complete read; undefined for an own write. */
  readonly read: number | undefined;
  /** The date at which it was observed, for display. */
  readonly at: WallMs;
  /**
   * Where the next leader resumes the sweep of the list: opaque text of at most `maxProgressBytes`. Stored with the
   * batch, and replaces the earlier one. Undefined leaves that as it is; '' is stored like any other text.
   */
  readonly progress?: string | undefined;
  /**
   * The whole list is known as it was at this date or later: the start of the oldest page. Stored with the batch, and
   * replaces the earlier one. Undefined leaves that as it is.
   */
  readonly asOf?: WallMs | undefined;
}

/** The maximum size of `Batch.progress`, in bytes of UTF-8. */
export const maxProgressBytes = 4_096;

/** Throws a RangeError when the batch has a `progress` that is too long to be stored. */
export function checkProgress({ progress }: Pick<Batch<unknown>, 'progress'>): void {
  const bytes = progress === undefined ? 0 : Buffer.byteLength(progress);
  if (bytes <= maxProgressBytes) return;
  throw new RangeError(`Batch.progress has ${bytes} bytes. Use at most ${maxProgressBytes}.`);
}

/** The state of a log beside its records. */
export interface LogState<T> {
  /** The objects after the last record; undefined before the first complete read. */
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
  /** The objects that are known before the first complete read; undefined after it. */
  readonly partial?: ReadonlyMap<string, ObservedObject<T>> | undefined;
  /** The last `Batch.progress`. */
  readonly progress?: string | undefined;
  /** The last `Batch.asOf`. */
  readonly asOf?: WallMs | undefined;
}

/** A stored log. */
export interface LogSnapshot<T> extends LogState<T> {
  /** As in `LogState`. The reader owns the map, and may change it: copying it would block the event loop. */
  readonly objects: Map<string, ObservedObject<T>> | undefined;
  /** As in `LogState`, and the reader's own, too. */
  readonly partial?: Map<string, ObservedObject<T>> | undefined;
  /** The offset before the first of `records`. */
  readonly base: LogOffset;
  readonly records: readonly LogRecord<T>[];
}

/**
 * The callbacks of a journal: first `onRestored` (if the log is stored), then `lead` or `follow`, with `onCommitted` in
 * between.
 */
export interface JournalReader<T> {
  /** Replaces the reader's state with the stored log. */
  onRestored(snapshot: LogSnapshot<T>): void;
  /** This process polls the list from now on, and numbers its changes in this epoch. */
  lead(epoch: string): void;
  /** Another process polls the list from now on, or none while the journal is unreachable. */
  follow(): void;
  /**
   * A batch is stored that this process (then it is the same object) or another one has committed. In order, each once.
   */
  onCommitted(batch: Batch<T>): void;
  /** Another process has read the list completely, and all its batches were passed to `onCommitted`. */
  onReadElsewhere(at: WallMs): void;
  /** Another process has completed the read that `requestRead(upTo)` requested, or a later one. */
  onRequestCompleted(upTo: number): void;
  /** Another process requests a complete read that begins from now on. Resolves after it. */
  readForOther(): Promise<void>;
  /** The number of the last incomplete `requestRead`; undefined if there is none. */
  readonly pendingRequest: number | undefined;
  /** The offset of the last event that the reader has received. */
  readonly last: LogOffset;
  /** The id of an object in the log. */
  idOf(object: T): string | undefined;
  /** What the reader has received, to be stored again when the stored log is lost. */
  readonly state: LogState<T>;
  /** Whether this process leads and is too slow to poll, so that another should lead. */
  readonly isOverdue: boolean;
  /** The journal has been unreachable for too long. */
  onFailed(error: Error): void;
}

/**
 * Stores the numbered changes of one watched list, and elects its leader: the only process that polls the list and adds
 * to the log.
 */
export interface Journal<T> {
  start(): void;
  /** Stops calling the reader; another process may lead. */
  stop(): void;
  /**
   * Stores a batch, whose records continue the last number, then calls `onCommitted`. Only the leader may call it.
   * Throws a RangeError, and stores nothing, when its `progress` is too long.
   */
  commit(batch: Batch<T>): void;
  /** Requests a read from the leader. */
  requestRead(number: number): void;
  /** Called after `stop`, when the journal will not be started again. */
  forget?(): void;
}

/** Sends messages to the other processes that share the logs. Messages may be lost. */
export interface Relay {
  /** Resolves when the shared store has the message, or after a timeout. Never rejects. */
  send(message: unknown): Promise<void>;
  listen(listener: (message: unknown) => void): void;
}

export interface JournalStore {
  /**
   * Calls `use` with the key that signs the cursors of these logs, and again when the key is replaced. The key is
   * stored and shared like the logs, and created if there is none. Rejects when it cannot be loaded.
   */
  readonly cursorKey?: ((use: (key: Uint8Array) => void) => Promise<void>) | undefined;
  readonly relay?: Relay | undefined;
  open<T>(principal: Principal, log: string, reader: JournalReader<T>): Journal<T>;
  /** The history with this name, until its `close` is called. Default: in memory. */
  readonly openHistory?: ((principal: Principal, name: string) => HistoryStore) | undefined;
  /** The outbox of a destination of notifications. Default: in memory. */
  readonly openOutbox?: ((principal: Principal, destination: string) => OutboxStore) | undefined;
  /** Deletes the outboxes that were not opened. */
  readonly dropUnusedOutboxes?: (() => Promise<void>) | undefined;
  /** Resolves when the batches that this process has committed are published. Default: they are at once. */
  readonly published?: (() => Promise<void>) | undefined;
  /** Resolves when all logs that were opened are restored, with those that are opened meanwhile. Never rejects. */
  readonly loaded?: (() => Promise<void>) | undefined;
  /** Resolves when all committed batches are stored. */
  close(): Promise<void>;
}

export const newEpoch = (): string => randomBytes(6).toString('base64url');

/**
 * A stored log without a subscriber is deleted after this time, in ms. AWS, too, keeps ended handshakes for 30 days.
 */
export const unwatchedLogTtlMs = 30 * 86_400_000;
