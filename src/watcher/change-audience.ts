import type { WallMs } from '../upstream/index.ts';
import { type ChangePosition, decodePosition, encodePosition, type Offsets } from './change-offsets.ts';
import { type ListRecord, mergeRecords, replay } from './change-replay.ts';
import { type CursorKeys, encodeCursor, type Position, scopeOfList } from './cursor.ts';
import type { CreateEndError } from './errors.ts';
import type { MaterializedList } from './event-log.ts';
import type { LogOffset, LogRecord } from './journal.ts';
import type { KeptListName } from './kept-types.ts';
import {
  type ChangedList,
  type ChangedObjects,
  detailLists,
  type ListEvent,
  type ObjectFilter,
  type ObjectsAtOnce,
} from './list-changes.ts';
import type { Subscription } from './subscription.ts';

/** The logs of a copy of an organization. */
export interface PublishedLists {
  readonly principal: string;
  readonly cursorKeys: CursorKeys;
  /** Undefined if the copy does not hold the list. */
  published(list: KeptListName): Pick<MaterializedList<unknown>, 'last' | 'since' | 'objects' | 'asOf'> | undefined;
}

type Content<T> = Pick<ListEvent<T>, 'type' | 'reset' | 'previousState' | 'object' | 'members' | 'record'>;

const noObjects: ReadonlyMap<string, never> = new Map<string, never>();

/** The subscribers of one list that have the same filter. They share events. */
export class ChangeAudience<L extends ChangedList = ChangedList> {
  readonly list: L;
  readonly filter: ObjectFilter<ChangedObjects[L]> | undefined;
  readonly scope: string;
  readonly #lists: PublishedLists;
  readonly #subscribers = new Set<Subscription<ChangedObjects[L]>>();
  #snapshot: readonly ListEvent<ChangedObjects[L]>[] | undefined;
  #bookmarks = new Map<boolean, ListEvent<ChangedObjects[L]>>();
  /** Identifies the events that were sent at once. */
  #batch = {};

  constructor(lists: PublishedLists, list: L, filter: ObjectFilter<ChangedObjects[L]> | undefined) {
    this.#lists = lists;
    this.list = list;
    this.filter = filter;
    this.scope = scopeOfList(filter?.key);
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** The lists that must be complete before the first snapshot. */
  get required(): ReadonlySet<KeptListName> {
    return new Set<KeptListName>([this.list, ...(this.filter?.lists ?? [])]);
  }

  /** The lists whose changes are changes for the subscribers, as far as the copy holds them. */
  get followed(): readonly KeptListName[] {
    const all = new Set<KeptListName>([this.list, ...detailLists[this.list], ...(this.filter?.lists ?? [])]);
    return [...all].filter((list) => this.#lists.published(list) !== undefined);
  }

  /** Sends a snapshot, or what was missed after a position, and then all changes. */
  attach(subscription: Subscription<ChangedObjects[L]>, after: Position | undefined): void {
    if (subscription.ended) return;
    const missed = after?.complete ? this.#missed(decodePosition(after)) : undefined;
    subscription.begin([...(missed ?? this.#snapshotEvents()), this.#bookmark(missed === undefined)]);
    this.#subscribers.add(subscription);
    subscription.onEnd(() => this.#subscribers.delete(subscription));
  }

  /** A batch of a list is stored. `before`: the end of its log before. */
  onStored(list: KeptListName, before: LogOffset, records: readonly LogRecord<unknown>[]): void {
    if (!this.followed.includes(list)) return;
    this.#snapshot = undefined;
    this.#bookmarks.clear();
    if (records.length === 0 || this.size === 0) return;
    this.#batch = {};
    const entries = records.map((record) => ({ list, record }));
    for (const event of this.#events(new Map(this.#offsets).set(list, before), entries))
      for (const subscription of [...this.#subscribers]) subscription.push(event, this.#batch);
  }

  /** Sends a bookmark to idle subscribers. The others have a newer cursor in their unread events. */
  bookmark(): void {
    this.#bookmarks.clear();
    const bookmark = this.#bookmark(false);
    for (const subscription of [...this.#subscribers]) if (subscription.idle) subscription.push(bookmark, this.#batch);
  }

  fail(createError: CreateEndError): void {
    for (const subscription of [...this.#subscribers]) subscription.fail(createError);
  }

  get #offsets(): Offsets {
    return new Map(this.followed.flatMap((list) => (this.#has(list) ? [[list, this.#last(list)]] : [])));
  }

  #has(list: KeptListName): boolean {
    return this.#lists.published(list) !== undefined;
  }

  #last(list: KeptListName): LogOffset {
    const { epoch, sequence } = this.#lists.published(list)?.last ?? { epoch: '', sequence: 0 };
    return { epoch, sequence };
  }

  #present(list: KeptListName): ReadonlyMap<string, { readonly object: unknown }> {
    return this.#lists.published(list)?.objects ?? noObjects;
  }

  /** Undefined if not all missed changes are still stored, in each log. */
  #missed(position: ChangePosition | undefined): readonly ListEvent<ChangedObjects[L]>[] | undefined {
    if (position === undefined) return undefined;
    const { offsets, partial } = position;
    if (partial !== undefined && !this.followed.includes(partial.list)) return undefined;
    const logs: ListRecord[][] = [];
    for (const list of this.followed) {
      const offset = offsets.get(list);
      const records = offset && this.#lists.published(list)?.since(offset);
      // A record of an earlier version of the gateway lacks the previous object.
      if (records?.every(({ type, previous }) => type !== 'CHANGED' || previous !== undefined) !== true)
        return undefined;
      logs.push(records.map((record) => ({ list, record })));
    }
    return [...this.#events(offsets, mergeRecords(logs, partial?.list), partial)];
  }

  *#events(
    offsets: Offsets,
    records: readonly ListRecord[],
    partial?: ChangePosition['partial'],
  ): Generator<ListEvent<ChangedObjects[L]>> {
    const { list, filter } = this;
    const present = (name: KeptListName) => this.#present(name);
    for (const change of replay({ list, filter, present, offsets, records, partial })) {
      const { type, previousState, object, members, record, position, at } = change;
      yield this.#event({ type, reset: false, previousState, object, members, record }, position, at);
    }
  }

  #snapshotEvents(): readonly ListEvent<ChangedObjects[L]>[] {
    this.#snapshot ??= this.#createSnapshot();
    return this.#snapshot;
  }

  #createSnapshot(): readonly ListEvent<ChangedObjects[L]>[] {
    const { filter } = this;
    const position = { offsets: this.#offsets };
    const now = presentObjects((list) => this.#present(list));
    const { asOf, objects = noObjects } = this.#lists.published(this.list) ?? {};
    const events: ListEvent<ChangedObjects[L]>[] = [];
    for (const { object: known, observedAt } of objects.values()) {
      const object = known as ChangedObjects[L];
      if (filter?.matches(object, now) === false) continue;
      const content = { type: 'SNAPSHOT', reset: true, previousState: null, object, members: [] } as const;
      events.push(this.#event<ChangedObjects[L]>(content, position, asOf ?? observedAt));
    }
    return events;
  }

  #bookmark(reset: boolean): ListEvent<ChangedObjects[L]> {
    const known = this.#bookmarks.get(reset);
    if (known !== undefined) return known;
    const content = { type: 'BOOKMARK', reset, previousState: null, object: null, members: [] } as const;
    const observedAt = this.#lists.published(this.list)?.asOf ?? (0 as WallMs);
    const event = this.#event<ChangedObjects[L]>(content, { offsets: this.#offsets }, observedAt);
    this.#bookmarks.set(reset, event);
    return event;
  }

  #event<T>(content: Content<T>, position: ChangePosition, observedAt: WallMs): ListEvent<T> {
    const { cursorKeys, principal } = this.#lists;
    const { list, scope } = this;
    const complete = content.type !== 'SNAPSHOT';
    const sign = () => encodeCursor(cursorKeys, { principal, log: list, scope, complete, ...encodePosition(position) });
    return new AudienceEvent(content, new Date(observedAt), sign);
  }
}

const presentObjects = (
  objectsOf: (list: KeptListName) => ReadonlyMap<string, { readonly object: unknown }>,
): ObjectsAtOnce => ({
  get: (list, id) => objectsOf(list).get(id)?.object as never,
  *entries(list) {
    for (const [id, { object }] of objectsOf(list)) yield [id, object as never] as const;
  },
});

/** All subscribers of an audience share one object, whose cursor is signed on first use. */
class AudienceEvent<T> implements ListEvent<T> {
  readonly type: ListEvent<T>['type'];
  readonly reset: boolean;
  readonly previousState: string | null;
  readonly object: T | null;
  readonly members: ListEvent<T>['members'];
  readonly observedAt: Date;
  readonly record: ListEvent<T>['record'];
  readonly #sign: () => string;
  #cursor: string | undefined;

  constructor(
    { type, reset, previousState, object, members, record }: Content<T>,
    observedAt: Date,
    sign: () => string,
  ) {
    this.type = type;
    this.reset = reset;
    this.previousState = previousState;
    this.object = object;
    this.members = members;
    this.record = record;
    this.observedAt = observedAt;
    this.#sign = sign;
  }

  get cursor(): string {
    this.#cursor ??= this.#sign();
    return this.#cursor;
  }
}
