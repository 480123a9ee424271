import { randomBytes } from 'node:crypto';
import { encodeCursor } from './cursor.ts';
import type { Change } from './list-state.ts';
import type { WatchEvent, WatchEventType } from './types.ts';

/** Whose log, and of what. Epochs tell apart logs of the same name whose events are numbered anew. */
export interface LogIdentity {
  readonly principal: string;
  readonly log: string;
  readonly epoch: string;
}

export const newLogIdentity = (principal: string, log: string): LogIdentity => ({
  principal,
  log,
  epoch: randomBytes(6).toString('base64url'),
});

interface Content<T> {
  readonly type: WatchEventType;
  readonly previousState: string | null;
  readonly object: T | null;
  readonly observedAt: Date;
}

/** An event at a place in a log. One object serves every subscriber of its scope; its cursor is made when the first of them asks. */
export class PlacedEvent<T> implements WatchEvent<T> {
  readonly type: WatchEventType;
  readonly previousState: string | null;
  readonly object: T | null;
  readonly observedAt: Date;
  readonly #log: LogIdentity;
  readonly #sequence: number;
  readonly #scope: string;
  #cursor: string | undefined;

  /** `scope`: id of the one object that its subscribers watch; empty for those of the whole list. */
  constructor(log: LogIdentity, sequence: number, scope: string, content: Content<T>) {
    this.#log = log;
    this.#sequence = sequence;
    this.#scope = scope;
    this.type = content.type;
    this.previousState = content.previousState;
    this.object = content.object;
    this.observedAt = content.observedAt;
  }

  get cursor(): string {
    this.#cursor ??= encodeCursor({
      ...this.#log,
      sequence: this.#sequence,
      scope: this.#scope,
      complete: this.type !== 'SNAPSHOT',
    });
    return this.#cursor;
  }
}

export const snapshotEvent = <T>(
  log: LogIdentity,
  sequence: number,
  scope: string,
  object: T,
  observedAt: number,
): WatchEvent<T> =>
  new PlacedEvent(log, sequence, scope, {
    type: 'SNAPSHOT',
    previousState: null,
    object,
    observedAt: new Date(observedAt),
  });

export const bookmarkEvent = <T>(
  log: LogIdentity,
  sequence: number,
  scope: string,
  observedAt: number,
): WatchEvent<T> =>
  new PlacedEvent<T>(log, sequence, scope, {
    type: 'BOOKMARK',
    previousState: null,
    object: null,
    observedAt: new Date(observedAt),
  });

/** A change under its number. */
export interface Entry<T> {
  readonly sequence: number;
  readonly id: string;
  /** As the list's subscribers get it. */
  readonly event: WatchEvent<T>;
}

/** The numbered changes of one watched list, the newest `keepEvents` of them. */
export class EventLog<T> {
  readonly identity: LogIdentity;
  readonly #keepEvents: number;
  #entries: Entry<T>[] = [];
  #last = 0;

  constructor(identity: LogIdentity, keepEvents: number) {
    this.identity = identity;
    this.#keepEvents = keepEvents;
  }

  /** Number of the newest change; 0 while there is none. */
  get last(): number {
    return this.#last;
  }

  /** Numbers a change. `at`: when it was observed, ms since the epoch. */
  append(change: Change<T>, at: number): Entry<T> {
    this.#last += 1;
    const content = {
      type: change.type,
      previousState: change.previousState,
      object: change.object,
      observedAt: new Date(at),
    };
    const event = new PlacedEvent(this.identity, this.#last, '', content);
    const entry = { sequence: this.#last, id: change.id, event };
    this.#entries.push(entry);
    // Cut in larger pieces, so that an event costs no copy of the whole log.
    if (this.#entries.length >= 2 * this.#keepEvents) this.#entries = this.#entries.slice(-this.#keepEvents);
    return entry;
  }

  /** The changes after a number, oldest first; undefined when some of them are kept no longer, or the number is none of this log. */
  since(sequence: number): readonly Entry<T>[] | undefined {
    const missed = this.#last - sequence;
    if (missed < 0 || missed > Math.min(this.#keepEvents, this.#entries.length)) return undefined;
    return missed === 0 ? [] : this.#entries.slice(-missed);
  }

  /** The same change as the subscribers of its one object get it: with a cursor that is only theirs. */
  scoped({ sequence, id, event }: Entry<T>): WatchEvent<T> {
    return new PlacedEvent(this.identity, sequence, id, event);
  }
}
