import type { WallMs } from '../upstream/index.ts';
import type { Position } from './cursor.ts';
import type { CreateEndError } from './errors.ts';
import { type EventFactory, MaterializedList } from './event-log.ts';
import type { Batch, LogOffset, LogRecord, LogSnapshot } from './journal.ts';
import { isEnded, type Kind, progressBetween } from './kinds.ts';
import type { Subscription } from './subscription.ts';
import type { WatchEvent } from './types.ts';

/**
 * The scope of a subscription to a whole list is empty; that of a filtered list begins with `?`, and that of one object
 * is its id.
 */
const isListScope = (scope: string): boolean => scope === '' || scope.startsWith('?');

/**
 * Called for a subscriber to one object when its list cannot feed it any more. The subscriber is detached from the list
 * before.
 */
export interface Handover<T> {
  /**
   * AWS refuses the list: the subscriber continues from another log if one has the object, and else ends with
   * `createError`.
   */
  onRefused(createError: CreateEndError): void;
  /** The list no longer shows the object. REMOVED is a last event, so the removal must be confirmed. */
  onRemoved(record: LogRecord<T>): void;
}

/** The subscribers of one channel, by scope. */
class SubscriberRegistry<T> {
  readonly #events: EventFactory;
  readonly #kind: Kind<T>;
  readonly #scopes = new Map<string, Map<Subscription<T>, Handover<T> | undefined>>();
  /** Identifies the last publication, whose changes are sent at once. */
  #batch = {};

  constructor(events: EventFactory, kind: Kind<T>) {
    this.#events = events;
    this.#kind = kind;
  }

  add(scope: string, subscription: Subscription<T>, handover?: Handover<T>): void {
    const others = this.#scopes.get(scope) ?? new Map<Subscription<T>, Handover<T> | undefined>();
    this.#scopes.set(scope, others.set(subscription, handover));
    subscription.onEnd(() => this.remove(scope, subscription));
  }

  remove(scope: string, subscription: Subscription<T>): void {
    const others = this.#scopes.get(scope);
    others?.delete(subscription);
    if (others?.size === 0) this.#scopes.delete(scope);
  }

  /** Ends all subscriptions, except that `isRefused` (AWS refuses the list) hands over those to one object. */
  fail(createError: CreateEndError, isRefused: boolean): void {
    for (const [scope, subscriptions] of [...this.#scopes]) {
      for (const [subscription, handover] of [...subscriptions]) {
        if (!isRefused || handover === undefined) {
          subscription.fail(createError);
          continue;
        }
        this.remove(scope, subscription);
        handover.onRefused(createError);
      }
    }
  }

  /** Sends changes to the subscribers that watch them. Subscriptions to one object end with its last change. */
  publish(records: readonly LogRecord<T>[]): void {
    if (records.length === 0) return;
    this.#batch = {};
    for (const record of records) {
      for (const [scope, subscriptions] of this.#scopes) {
        if (!isListScope(scope)) continue;
        const event = this.#events.change(record, scope);
        for (const subscription of subscriptions.keys()) subscription.push(event, this.#batch);
      }
      const subscriptions = this.#scopes.get(record.id);
      if (subscriptions === undefined) continue;
      const event = this.#events.change(record, record.id);
      const isLast = record.type === 'REMOVED' || isEnded(this.#kind, record.object);
      for (const [subscription, handover] of [...subscriptions]) {
        if (record.type === 'REMOVED' && handover !== undefined) {
          this.remove(record.id, subscription);
          handover.onRemoved(record);
          continue;
        }
        subscription.push(event, this.#batch);
        if (isLast) subscription.complete();
      }
    }
  }

  /** Sends a bookmark to idle subscribers. The others have a newer cursor in their unread events. */
  bookmark(offset: LogOffset, observedAt: WallMs): void {
    for (const [scope, subscriptions] of this.#scopes) {
      const bookmark = this.#events.bookmark<T>(offset, scope, observedAt, false);
      for (const subscription of subscriptions.keys()) {
        if (subscription.idle) subscription.push(bookmark, this.#batch);
      }
    }
  }
}

export interface EventPublisherOptions<T> {
  readonly events: EventFactory;
  readonly kind: Kind<T>;
  readonly keepEvents: number;
  /** When an object was last read in its published version; undefined if this process does not know it. */
  readonly seenAt: (id: string, object: T) => WallMs | undefined;
}

/** The changes of one object after a position. */
interface MissedChanges<T> {
  readonly changes: readonly LogRecord<T>[];
  /** The final removal, if there is one. */
  readonly removal: LogRecord<T> | undefined;
}

interface Bookmark<T> {
  readonly offset: LogOffset;
  readonly scope: string;
  readonly event: WatchEvent<T>;
}

/** Publishes the log of one watched list: each subscriber receives the stored events from its own offset on. */
export class EventPublisher<T> {
  readonly list: MaterializedList<T>;
  readonly #options: EventPublisherOptions<T>;
  readonly #subscribers: SubscriberRegistry<T>;
  /** When the list was last read in its published version. */
  #observedAt = 0 as WallMs;
  #lastBookmark: Bookmark<T> | undefined;

  constructor(options: EventPublisherOptions<T>) {
    this.#options = options;
    this.list = new MaterializedList(options.events, options.keepEvents);
    this.#subscribers = new SubscriberRegistry(options.events, options.kind);
  }

  /** Whether a position is in this log, and all events after it are still stored. */
  canResume(position: Position): boolean {
    return this.#missed(position) !== undefined;
  }

  /** Feeds a subscriber to the whole list from now on. */
  attachToList(subscription: Subscription<T>, scope: string, after: Position | undefined): void {
    if (subscription.ended) return;
    const missed = after && this.#missed(after);
    const events =
      missed?.map((record) => this.list.events.change(record, scope)) ??
      this.list.snapshot(scope, (id, { object, observedAt }) => this.#options.seenAt(id, object) ?? observedAt);
    const matching = events.filter(({ object }) => subscription.wants(object));
    subscription.begin([...matching, this.#bookmark(scope, missed === undefined)]);
    this.#subscribers.add(scope, subscription);
  }

  /** Feeds a subscriber to one object. False when neither the list nor the missed events hold it. */
  attachToObject(
    subscription: Subscription<T>,
    id: string,
    after: Position | undefined,
    handover?: Handover<T>,
  ): boolean {
    if (subscription.ended) return true;
    const known = this.list.get(id);
    const missed = after && this.#missedOf(id, after);
    const removal = missed?.removal;
    if (known === undefined && removal === undefined) return false;
    const { events, last } = this.list;
    const initial: WatchEvent<T>[] = missed?.changes.map((record) => events.change(record, id)) ?? [];
    // An object in its final state has had its last event.
    if (removal !== undefined && !isEnded(this.#options.kind, removal.object)) initial.push(events.change(removal, id));
    if (missed === undefined && known !== undefined) {
      const { object, observedAt } = known;
      initial.push(events.snapshot(last, id, object, this.#options.seenAt(id, object) ?? observedAt));
    }
    subscription.begin([...initial, this.#bookmark(id, missed === undefined)]);
    if (removal !== undefined || known === undefined || isEnded(this.#options.kind, known.object))
      subscription.complete();
    else this.#subscribers.add(id, subscription, handover);
    return true;
  }

  /**
   * Feeds a subscriber from this log whose last event came from another log, with the object as `sent`. Returns false
   * when this log knows an older version. Emits a change where this log's version differs, else a bookmark with a
   * cursor of this log.
   */
  attachMoved(subscription: Subscription<T>, id: string, sent: T, handover?: Handover<T>): boolean {
    if (subscription.ended) return true;
    const { kind } = this.#options;
    const known = this.list.get(id);
    if (known === undefined) return false;
    if ((progressBetween(kind, sent, known.object) ?? 0) < 0) return false;
    const { object, observedAt } = known;
    const { events, last } = this.list;
    if (kind.isSameVersion(sent, object)) {
      subscription.push(events.bookmark(last, id, this.#observedAt, false), {});
    } else {
      const change = { type: 'CHANGED', id, previousState: kind.state(sent), object, at: observedAt } as const;
      subscription.push(events.change({ ...change, epoch: last.epoch, sequence: last.sequence }, id), {});
    }
    if (isEnded(kind, object)) subscription.complete();
    else this.#subscribers.add(id, subscription, handover);
    return true;
  }

  /** Whether an object was removed after a position without having been in its final state. */
  hasRemoved(id: string, after: Position): boolean {
    const removal = this.#missedOf(id, after)?.removal;
    return removal !== undefined && !isEnded(this.#options.kind, removal.object);
  }

  /** Ends a subscription to one object with its REMOVED. */
  endWithRemoval(subscription: Subscription<T>, record: LogRecord<T>): void {
    subscription.push(this.list.events.change(record, record.id), {});
    subscription.complete();
  }

  /** Stops feeding a subscriber to one object without ending it. */
  detach(subscription: Subscription<T>, id: string): void {
    this.#subscribers.remove(id, subscription);
  }

  /**
   * Publishes a batch that the journal has stored. `before` is called when it is applied, before subscribers receive
   * it.
   */
  apply(batch: Batch<T>, before: () => void): void {
    this.list.apply(batch);
    if (batch.records.length > 0 || batch.read !== undefined) this.#observedAt = batch.at;
    before();
    this.#subscribers.publish(batch.records);
  }

  /** Replaces the published log. Returns false, and publishes nothing, when that leaves a gap. */
  restore(snapshot: LogSnapshot<T>): boolean {
    const before = this.list.last;
    this.list.replace(snapshot);
    const missed = this.list.since(before);
    if (missed === undefined) return false;
    this.#subscribers.publish(missed);
    return true;
  }

  /** Records the time of a complete read whose changes are published. */
  setObservedAt(at: WallMs): void {
    this.#observedAt = at;
  }

  bookmark(): void {
    this.#subscribers.bookmark(this.list.last, this.#observedAt);
  }

  /**
   * Ends all subscriptions. `isRefused`: AWS refuses the list, so that those to one object may continue from another
   * log.
   */
  fail(createError: CreateEndError, isRefused = false): void {
    this.#subscribers.fail(createError, isRefused);
  }

  #missed(position: Position): readonly LogRecord<T>[] | undefined {
    return position.complete ? this.list.since(position) : undefined;
  }

  /**
   * Returns what a subscriber to one object missed. An object that reappeared after a removal was not removed, so only
   * the last record can be a removal.
   */
  #missedOf(id: string, position: Position): MissedChanges<T> | undefined {
    const { kind } = this.#options;
    const missed = this.#missed(position);
    if (missed === undefined) return undefined;
    const changes: LogRecord<T>[] = [];
    let removal: LogRecord<T> | undefined;
    for (const record of missed) {
      if (record.id !== id) continue;
      if (record.type === 'REMOVED') {
        removal = record;
      } else if (removal === undefined) {
        changes.push(record);
      } else {
        const { object: before } = removal;
        removal = undefined;
        if (kind.isSameVersion(before, record.object)) continue;
        changes.push({ ...record, type: 'CHANGED', previousState: kind.state(before) });
      }
    }
    return { changes, removal };
  }

  /** Subscribers that arrive one after the other share one event, and so its serialized text. */
  #bookmark(scope: string, reset: boolean): WatchEvent<T> {
    const { last } = this.list;
    const cached = this.#lastBookmark;
    const isSame = cached?.offset === last && cached.scope === scope && cached.event.reset === reset;
    if (isSame && cached.event.observedAt.getTime() === this.#observedAt) return cached.event;
    const event = this.list.events.bookmark<T>(last, scope, this.#observedAt, reset);
    this.#lastBookmark = { offset: last, scope, event };
    return event;
  }
}
