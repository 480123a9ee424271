import type { WallMs } from '../upstream/index.ts';
import type { OutboxStore, StoredItem } from '../watcher/index.ts';
import { type EventDraft, eventAt, type NotificationEvent } from './events/event.ts';
import type { Gap } from './events/other-events.ts';
import { OutboxCommits } from './outbox-commits.ts';
import { type OutboxState, parseState, resized, withGap } from './outbox-state.ts';

/** An event in an outbox. */
export interface QueuedEvent {
  readonly place: number;
  /** When it was added. */
  readonly at: WallMs;
  readonly event: NotificationEvent;
  /** Of its text, in bytes. */
  readonly bytes: number;
}

interface StoredEvent {
  readonly at: WallMs;
  readonly event: NotificationEvent;
  /** Of a dead letter. */
  readonly reason?: string;
}

/** Events to add, with the position in the log up to which they are known. */
export interface Addition {
  readonly events: readonly EventDraft[];
  readonly at: WallMs;
  readonly cursor?: { readonly list: string; readonly text: string } | undefined;
  /** Changes that are lost before these events. */
  readonly gap?: Gap | undefined;
  /** Reminders among the events, by their keys, with the time after which the key may be forgotten. */
  readonly reminders?: ReadonlyMap<string, WallMs> | undefined;
}

export interface OutboxOptions {
  readonly store: OutboxStore;
  readonly maxBytes: number;
  /** Called when events up to this place were dropped, as the outbox is full. */
  readonly onDropped: (upTo: number, events: number) => void;
  /** Called when dead letters were dropped. */
  readonly onDeadLettersDropped: (events: number) => void;
}

const stateField = 'state';
const cursorField = (list: string): string => `cursor:${list}`;
const reminderPrefix = 'reminder:';
const DROPPED_AT_ONCE = 200;
const RETRIED_AT_ONCE = 100;

/** The events that one destination has not received yet, in their order, and its position in each log. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #commits: OutboxCommits;
  readonly #cursors = new Map<string, string>();
  readonly #reminders = new Map<string, WallMs>();
  #droppedUpTo = 0;
  /** Events that were removed while the oldest are read to be dropped. */
  readonly #settledMeanwhile = new Set<number>();
  #isDropping = false;
  /** Work that reads a queue and then changes it, one after the other. */
  #lastWork: Promise<unknown> = Promise.resolve();

  private constructor(options: OutboxOptions, fields: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#commits = new OutboxCommits(options.store, stateField, parseState(fields.get(stateField)));
    for (const [name, value] of fields) {
      if (name.startsWith(cursorField(''))) this.#cursors.set(name.slice(cursorField('').length), value);
      if (name.startsWith(reminderPrefix))
        this.#reminders.set(name.slice(reminderPrefix.length), Number(value) as WallMs);
    }
  }

  /** Must be called again after the lease was lost or a change was rejected, as the stored outbox may be another one. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    return new Outbox(options, await options.store.load());
  }

  /** The state in a store, for processes without the lease. */
  static async readState(store: OutboxStore): Promise<OutboxState> {
    return parseState((await store.load()).get(stateField));
  }

  get state(): OutboxState {
    return this.#commits.state;
  }

  cursor(list: string): string | undefined {
    return this.#cursors.get(list);
  }

  hasReminder(key: string): boolean {
    return this.#reminders.has(key);
  }

  async add({ events, at, cursor, gap, reminders = new Map() }: Addition): Promise<void> {
    const expired = reminders.size === 0 ? [] : [...this.#reminders].filter(([, until]) => until < at);
    await this.#commits.change((state, commit) => {
      let next = gap === undefined ? state : withGap(state, gap);
      for (const draft of events) {
        const place = next.tail + 1;
        const text = JSON.stringify({ at, event: eventAt(place, draft) } satisfies StoredEvent);
        commit.put('pending', place, text);
        next = { ...next, tail: place, pending: resized(next.pending, 1, Buffer.byteLength(text)) };
      }
      if (cursor !== undefined) commit.set(cursorField(cursor.list), cursor.text);
      for (const [key, until] of reminders) commit.set(`${reminderPrefix}${key}`, String(until));
      for (const [key] of expired) commit.set(`${reminderPrefix}${key}`, undefined);
      return next;
    });
    if (cursor !== undefined) this.#cursors.set(cursor.list, cursor.text);
    for (const [key, until] of reminders) this.#reminders.set(key, until);
    for (const [key] of expired) this.#reminders.delete(key);
    await this.#exclusively(() => this.#dropOldest());
  }

  async read(after: number, limit: number): Promise<readonly QueuedEvent[]> {
    const items = await this.#options.store.read('pending', Math.max(after, this.#droppedUpTo), limit);
    // Some may have been dropped since.
    return items.filter(({ place }) => place > this.#droppedUpTo).map(queuedOf);
  }

  /** The event is delivered. */
  async remove({ place, bytes }: QueuedEvent): Promise<void> {
    await this.#commits.change((state, commit) => {
      if (place <= this.#droppedUpTo) return state;
      if (this.#isDropping) this.#settledMeanwhile.add(place);
      commit.delete('pending', place);
      return { ...state, pending: resized(state.pending, -1, bytes) };
    });
  }

  /** Makes the event a dead letter. */
  async bury({ place, bytes, at, event }: QueuedEvent, reason: string): Promise<void> {
    const text = JSON.stringify({ at, event, reason } satisfies StoredEvent);
    await this.#commits.change((state, commit) => {
      if (place <= this.#droppedUpTo) return state;
      if (this.#isDropping) this.#settledMeanwhile.add(place);
      commit.delete('pending', place);
      commit.put('dead', place, text);
      const dead = resized(state.dead, 1, Buffer.byteLength(text));
      return { ...state, pending: resized(state.pending, -1, bytes), dead };
    });
    await this.#exclusively(() => this.#dropDeadLetters());
  }

  /** Sends dead letters again, after all other events. Returns how many. */
  retryDeadLetters(now: WallMs): Promise<number> {
    return this.#exclusively(() => this.#retryDeadLetters(now));
  }

  async #retryDeadLetters(now: WallMs): Promise<number> {
    const { tail } = this.state;
    let retried = 0;
    for (;;) {
      const items = await this.#options.store.read('dead', 0, RETRIED_AT_ONCE);
      const old = items.filter(({ place }) => place <= tail);
      if (old.length === 0) break;
      await this.#commits.change((state, commit) => {
        let next = state;
        for (const { place, text } of old) {
          // The receiver finds the order of an object's events by their first `sequence`.
          const { event } = JSON.parse(text) as StoredEvent;
          const again = JSON.stringify({ at: now, event } satisfies StoredEvent);
          commit.delete('dead', place);
          commit.put('pending', next.tail + 1, again);
          next = {
            ...next,
            tail: next.tail + 1,
            dead: resized(next.dead, -1, Buffer.byteLength(text)),
            pending: resized(next.pending, 1, Buffer.byteLength(again)),
          };
        }
        return next;
      });
      retried += old.length;
    }
    await this.#dropOldest();
    return retried;
  }

  /** Removes the gap that the receiver knows of now. */
  async removeGap(gap: Gap): Promise<void> {
    await this.#commits.change((state) => (state.gap === gap ? { ...state, gap: undefined } : state));
  }

  /** Rejects if the store takes no writes, or cannot be read. */
  async check(): Promise<void> {
    await this.#commits.change((state) => state);
    await this.#options.store.read('pending', 0, 1);
  }

  /** Rejects all changes from now on, before the outbox is opened again. */
  fail(error: unknown): void {
    this.#commits.fail(error);
  }

  async setDisabled(at: WallMs | undefined): Promise<void> {
    await this.#commits.change((state) => ({ ...state, disabledAt: at }));
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastWork.then(work);
    this.#lastWork = done.catch(() => undefined);
    return done;
  }

  async #dropOldest(): Promise<void> {
    this.#isDropping = true;
    try {
      while (this.state.pending.bytes > this.#options.maxBytes && (await this.#dropSome()));
    } finally {
      this.#isDropping = false;
      this.#settledMeanwhile.clear();
    }
  }

  /** Returns whether there may be more. */
  async #dropSome(): Promise<boolean> {
    const { maxBytes, onDropped, store } = this.#options;
    const items = (await store.read('pending', 0, DROPPED_AT_ONCE)).map(queuedOf);
    const dropped: QueuedEvent[] = [];
    let { bytes } = this.state.pending;
    for (const item of items) {
      if (bytes <= maxBytes) break;
      dropped.push(item);
      bytes -= item.bytes;
    }
    const [first] = dropped;
    const last = dropped.at(-1);
    if (first === undefined || last === undefined) return false;
    let droppedEvents = 0;
    await this.#commits.change((state, commit) => {
      const present = dropped.filter(({ place }) => !this.#settledMeanwhile.has(place));
      for (const { place } of present) commit.delete('pending', place);
      this.#droppedUpTo = last.place;
      droppedEvents = present.length;
      if (present.length === 0) return state;
      const gap = {
        reason: 'OUTBOX_FULL',
        since: Date.parse(first.event.time) as WallMs,
        until: Date.parse(last.event.time) as WallMs,
        events: present.length,
        firstId: first.event.id,
        lastId: last.event.id,
        list: null,
      } as const;
      const size = present.reduce((sum, item) => resized(sum, -1, item.bytes), state.pending);
      return withGap({ ...state, pending: size }, gap);
    });
    onDropped(last.place, droppedEvents);
    return true;
  }

  async #dropDeadLetters(): Promise<void> {
    const { maxBytes, onDeadLettersDropped, store } = this.#options;
    while (this.state.dead.bytes > maxBytes) {
      const items = await store.read('dead', 0, DROPPED_AT_ONCE);
      if (items.length === 0) return;
      let { bytes } = this.state.dead;
      const dropped: StoredItem[] = [];
      for (const item of items) {
        if (bytes <= maxBytes) break;
        dropped.push(item);
        bytes -= Buffer.byteLength(item.text);
      }
      await this.#commits.change((state, commit) => {
        for (const { place } of dropped) commit.delete('dead', place);
        const dead = dropped.reduce((size, { text }) => resized(size, -1, Buffer.byteLength(text)), state.dead);
        return { ...state, dead };
      });
      onDeadLettersDropped(dropped.length);
    }
  }
}

const queuedOf = ({ place, text }: StoredItem): QueuedEvent => {
  const { at, event } = JSON.parse(text) as StoredEvent;
  return { place, at, event, bytes: Buffer.byteLength(text) };
};
