import type { WallMs } from '../upstream/index.ts';
import { encodeCursor } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { Change } from './list-state.ts';
import type { WatchEvent } from './types.ts';

/** Whose log, and of what. */
export interface LogName {
  readonly principal: string;
  readonly log: string;
}

/**
 * A place in a log: just behind the event of this number. The epoch is that of the run that numbered it: two runs that, by a loss of
 * stored data, have given the same number to different events cannot be mistaken for each other.
 */
export interface Place {
  readonly epoch: string;
  readonly sequence: number;
}

/** A change under its number. */
export interface LogRecord<T> extends Place, Change<T> {
  /** The date at which it was observed, for display. */
  readonly at: WallMs;
}

type Content<T> = Omit<WatchEvent<T>, 'cursor'>;

/** An event at a place in a log. One object serves every subscriber of its scope; its cursor is made when the first of them asks. */
export class PlacedEvent<T> implements WatchEvent<T> {
  readonly type: WatchEvent<T>['type'];
  readonly reset: boolean;
  readonly previousState: string | null;
  readonly object: T | null;
  readonly observedAt: Date;
  readonly #maker: EventMaker;
  readonly #place: Place;
  readonly #scope: string;
  #cursor: string | undefined;

  /** `scope`: what its subscribers watch: one object (its id), a filtered list, or all of the list (empty). */
  constructor(maker: EventMaker, place: Place, scope: string, content: Content<T>) {
    this.#maker = maker;
    this.#place = place;
    this.#scope = scope;
    this.type = content.type;
    this.reset = content.reset;
    this.previousState = content.previousState;
    this.object = content.object;
    this.observedAt = content.observedAt;
  }

  get cursor(): string {
    this.#cursor ??= this.#maker.cursor(this.#place, this.#scope, this.type !== 'SNAPSHOT');
    return this.#cursor;
  }
}

/** Makes the events of one log. */
export class EventMaker {
  readonly #log: LogName;
  readonly #keys: CursorKeys;

  constructor(log: LogName, keys: CursorKeys) {
    this.#log = log;
    this.#keys = keys;
  }

  /** `complete`: false in the midst of a snapshot. */
  cursor({ epoch, sequence }: Place, scope: string, complete: boolean): string {
    return encodeCursor(this.#keys, { ...this.#log, epoch, sequence, scope, complete });
  }

  snapshot<T>(place: Place, scope: string, object: T, observedAt: WallMs): WatchEvent<T> {
    const content = { type: 'SNAPSHOT', reset: true, previousState: null, object } as const;
    return new PlacedEvent(this, place, scope, { ...content, observedAt: new Date(observedAt) });
  }

  /** `reset`: whether it ends a snapshot. */
  bookmark<T>(place: Place, scope: string, observedAt: WallMs, reset: boolean): WatchEvent<T> {
    const content = { type: 'BOOKMARK', reset, previousState: null, object: null } as const;
    return new PlacedEvent<T>(this, place, scope, { ...content, observedAt: new Date(observedAt) });
  }

  change<T>(record: LogRecord<T>, scope: string): WatchEvent<T> {
    const { type, previousState, object, at } = record;
    const content = { type, reset: false, previousState, object, observedAt: new Date(at) };
    return new PlacedEvent(this, record, scope, content);
  }
}

/** The numbered changes of one watched list, the newest `keepEvents` of them. */
export class EventLog<T> {
  readonly #keepEvents: number;
  #base: Place;
  #records: LogRecord<T>[] = [];

  /** `base`: the place before the first record. */
  constructor(base: Place, keepEvents: number) {
    this.#base = base;
    this.#keepEvents = keepEvents;
  }

  /** The place behind the newest change. */
  get last(): Place {
    return this.#records.at(-1) ?? this.#base;
  }

  /** The place before the oldest change that is kept. */
  get base(): Place {
    return this.#base;
  }

  get records(): readonly LogRecord<T>[] {
    return this.#records;
  }

  /** Takes in the next change, whose number must follow the last one's. */
  append(record: LogRecord<T>): void {
    this.#records.push(record);
    // Cut in larger pieces, so that an event costs no copy of the whole log.
    if (this.#records.length < 2 * this.#keepEvents) return;
    const cut = this.#records.length - this.#keepEvents;
    this.#base = this.#records[cut - 1] ?? this.#base;
    this.#records = this.#records.slice(cut);
  }

  /** The changes after a place, oldest first; undefined when some of them are kept no longer, or the place is none of this log. */
  since({ epoch, sequence }: Place): readonly LogRecord<T>[] | undefined {
    const missed = this.last.sequence - sequence;
    if (missed < 0 || missed > Math.min(this.#keepEvents, this.#records.length)) return undefined;
    const at = this.#records.length - missed;
    const before = at === 0 ? this.#base : this.#records[at - 1];
    return before?.epoch === epoch ? this.#records.slice(at) : undefined;
  }
}
