import { randomBytes } from 'node:crypto';
import type { Principal } from '../principal/principal.ts';
import type { WallMs } from '../upstream/index.ts';

export interface Change<T> {
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly id: string;
  readonly previousState: string | null;
  readonly object: T;
}

/**
 * A position in a log: just behind the event of this number. The epoch is that of the run that numbered it: two runs that, by a loss of
 * stored data, have given the same number to different events cannot be mistaken for each other.
 */
export interface LogOffset {
  readonly epoch: string;
  readonly sequence: number;
}

export interface LogRecord<T> extends LogOffset, Change<T> {
  /** The date at which it was observed, for display. */
  readonly at: WallMs;
}

/**
 * An own write that made an object what it is known as. AWS's lists may show for a while what was before; it is kept only that long, and until a list has shown
 * what it made. Processes share no clock, so it has no time: the one that takes the list over lets AWS's lists settle from when it learned of the write.
 */
export interface WriteMarker {
  /** Whether a list has shown what it made. */
  readonly confirmed: boolean;
}

/** An object as it is known, and the date at which it was last seen so. */
export interface ObservedObject<T> {
  readonly object: T;
  readonly observedAt: WallMs;
  /** The process that reads the list next must know it, too. */
  readonly write?: WriteMarker | undefined;
}

/** What becomes known at once: by one read of the list, or by one own write. */
export interface Batch<T> {
  /** The changes to publish, in order. May be empty. */
  readonly records: readonly LogRecord<T>[];
  /** What is known of objects from now on, published or not; undefined for what is known no longer. */
  readonly patch: ReadonlyMap<string, ObservedObject<T> | undefined>;
  /** Number of the complete read that showed it; undefined for an own write. */
  readonly read: number | undefined;
  /** The date at which it was observed, for display. */
  readonly at: WallMs;
}

/** A log as a journal kept it. */
export interface LogSnapshot<T> {
  /** The offset before the first of `records`. */
  readonly base: LogOffset;
  readonly records: readonly LogRecord<T>[];
  /** What was known at the last of them; undefined when the list has never been read to its end. */
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
}

/** What a journal calls, in this order of events: `restored` (perhaps), then `lead` or `follow`, and `committed` in between. */
export interface JournalReader<T> {
  /** What was kept, in place of all that was known. */
  onRestored(snapshot: LogSnapshot<T>): void;
  /** From now on the list is read here, and its changes numbered in this epoch. */
  lead(epoch: string): void;
  /** From now on the list is read elsewhere, or, while the journal is out of reach, nowhere. */
  follow(): void;
  /** A batch is kept: what was committed here (which then is the very same object), or elsewhere. In order, each once. */
  onCommitted(batch: Batch<T>): void;
  /** The list was read to its end elsewhere, and everything that it showed has come by `committed`. */
  onReadElsewhere(at: WallMs): void;
  /** A reading that was asked for by `ask(upTo)`, or a later one, was done elsewhere. */
  onAnswered(upTo: number): void;
  /** Another asks for a complete read that begins from now on; resolves after it. */
  readForOther(): Promise<void>;
  /** The number of the last `ask` that still waits; undefined when none does. */
  readonly pendingAsk: number | undefined;
  /** Where the reader stands, so that no gap is passed over. */
  readonly last: LogOffset;
  /** The published objects; undefined when the list has never been read to its end. */
  readonly objects: ReadonlyMap<string, ObservedObject<T>> | undefined;
  /** Whether it leads, and should have read the list long ago: another had better read it. */
  readonly isOverdue: boolean;
  /** The journal has been out of reach for too long. */
  onFailed(error: Error): void;
}

/**
 * Keeps the numbered changes of one watched list, and says who reads the list: one process at a time, and no other may add to it.
 */
export interface Journal<T> {
  start(): void;
  /** Calls its reader no more; another process may lead. */
  stop(): void;
  /** Keeps a batch, whose records are numbered from the last one's on, then calls `committed`. Only the leading process may call it. */
  commit(batch: Batch<T>): void;
  /** Makes the leading process read the list. */
  ask(number: number): void;
  /** It is stopped, and will not be started again. */
  forget?(): void;
}

/** The other processes that share the logs. What is sent may get lost. */
export interface Relay {
  send(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
}

export interface JournalStore {
  /**
   * Calls `use` with the key that signs the cursors of these logs, which is kept as long as they are and shared as they are; again when another takes its place.
   * Makes a key where none is kept. Rejects when it cannot be had.
   */
  readonly cursorKey?: ((use: (key: Uint8Array) => void) => Promise<void>) | undefined;
  readonly relay?: Relay | undefined;
  open<T>(principal: Principal, log: string, reader: JournalReader<T>): Journal<T>;
  /** Resolves when everything that was committed is kept. */
  close(): Promise<void>;
}

export const newEpoch = (): string => randomBytes(6).toString('base64url');

/** How long a stored log is kept without a subscriber, in ms: AWS, too, keeps for 30 days what has ended. */
export const unwatchedLogTtlMs = 30 * 86_400_000;
