import type { WallMs } from '../upstream/index.ts';
import type { ChangePosition, Offsets, PartialRecord } from './change-offsets.ts';
import type { LogOffset, LogRecord } from './journal.ts';
import type { KeptListName, KeptObjects } from './kept-types.ts';
import {
  type ChangedList,
  type ChangedObjects,
  detailLists,
  type ObjectFilter,
  type ObjectsAtOnce,
} from './list-changes.ts';
import type { MemberChange } from './member-change.ts';
import { memberChanges } from './member-changes.ts';
import type { EventRecord } from './watch-event.ts';

/** A record of one of the lists that a subscription depends on. */
export interface ListRecord {
  readonly list: KeptListName;
  readonly record: LogRecord<unknown>;
}

/** The present objects of a list, complete or not. */
export type PresentObjects = (list: KeptListName) => ReadonlyMap<string, { readonly object: unknown }>;

/** The lists of a copy at an earlier moment, from which records lead to the present. */
export class EarlierObjects implements ObjectsAtOnce {
  readonly #present: PresentObjects;
  /** The objects that differ from the present ones; undefined for missing objects. */
  readonly #earlier = new Map<KeptListName, Map<string, unknown>>();

  /** `records`: in their order. The moment is that before the first one. */
  constructor(present: PresentObjects, records: readonly ListRecord[]) {
    this.#present = present;
    for (const { list, record } of records.toReversed()) this.#set(list, record.id, objectBefore(record));
  }

  get<L extends KeptListName>(list: L, id: string): KeptObjects[L] | undefined {
    const earlier = this.#earlier.get(list);
    const object = earlier?.has(id) === true ? earlier.get(id) : this.#present(list).get(id)?.object;
    return object as KeptObjects[L] | undefined;
  }

  *entries<L extends KeptListName>(list: L): Generator<readonly [string, KeptObjects[L]]> {
    const earlier = this.#earlier.get(list) ?? new Map<string, unknown>();
    for (const [id, { object }] of this.#present(list)) if (!earlier.has(id)) yield [id, object as KeptObjects[L]];
    for (const [id, object] of earlier) if (object !== undefined) yield [id, object as KeptObjects[L]];
  }

  /** Moves to the moment after the next record. */
  apply({ list, record }: ListRecord): void {
    this.#set(list, record.id, record.type === 'REMOVED' ? undefined : record.object);
  }

  #set(list: KeptListName, id: string, object: unknown): void {
    const objects = this.#earlier.get(list) ?? new Map<string, unknown>();
    this.#earlier.set(list, objects.set(id, object));
  }
}

function objectBefore({ type, object, previous }: LogRecord<unknown>): unknown {
  if (type === 'ADDED') return undefined;
  return type === 'REMOVED' ? object : (previous ?? object);
}

/** What a record is for the subscribers of a list, with a filter or without. */
export interface ReplayedChange<T> {
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly object: T;
  readonly previousState: string | null;
  readonly members: readonly MemberChange[];
  readonly at: WallMs;
  readonly record: EventRecord;
  /** The position after it. */
  readonly position: ChangePosition;
}

export interface ReplayOptions<L extends ChangedList> {
  readonly list: L;
  readonly filter: ObjectFilter<ChangedObjects[L]> | undefined;
  readonly present: PresentObjects;
  /** Before the first record. */
  readonly offsets: Offsets;
  readonly records: readonly ListRecord[];
  /** Events of the first record that the subscriber has received. */
  readonly partial?: PartialRecord | undefined;
}

type Content<T> = Omit<ReplayedChange<T>, 'position' | 'record'>;

/** The changes that records mean for the subscribers of a list, in order. */
export function* replay<L extends ChangedList>(
  options: ReplayOptions<L>,
): Generator<ReplayedChange<ChangedObjects[L]>> {
  const { present, records, partial } = options;
  const objects = new EarlierObjects(present, records);
  let { offsets } = options;
  for (const [index, entry] of records.entries()) {
    const changes = changesOf(options, objects, entry);
    const after = withOffset(offsets, entry.list, entry.record);
    const received = index === 0 ? (partial?.events ?? 0) : 0;
    for (const [at, change] of changes.entries()) {
      if (at < received) continue;
      const isLast = at === changes.length - 1;
      const position = isLast ? { offsets: after } : { offsets, partial: { list: entry.list, events: at + 1 } };
      const { epoch, sequence } = entry.record;
      yield { ...change, record: { epoch, sequence, part: at }, position };
    }
    offsets = after;
  }
}

const withOffset = (offsets: Offsets, list: KeptListName, { epoch, sequence }: LogOffset): Offsets =>
  new Map(offsets).set(list, { epoch, sequence });

/** Applies a record to `objects`. */
function changesOf<L extends ChangedList>(
  { list, filter }: ReplayOptions<L>,
  objects: EarlierObjects,
  entry: ListRecord,
): readonly Content<ChangedObjects[L]>[] {
  type T = ChangedObjects[L];
  const { record } = entry;
  const isOwn = entry.list === list;
  const isDetail = detailLists[list].includes(entry.list);
  const ids = new Set(isOwn || isDetail ? [record.id] : []);
  if (filter?.lists.includes(entry.list) === true)
    for (const id of filter.affected(entry.list, record.object, objects)) ids.add(id);
  // The same in all processes, as a cursor may count the events of the record.
  const sorted = [...ids].sort();
  const look = (id: string) => {
    const object = objects.get(list, id) as T | undefined;
    return { object, matches: object !== undefined && (filter?.matches(object, objects) ?? true) };
  };
  const before = sorted.map(look);
  const detailBefore = objects.get(entry.list, record.id);
  objects.apply(entry);
  const detailMembers = isDetail ? memberChanges(entry.list, detailBefore, objects.get(entry.list, record.id)) : [];
  return sorted.flatMap((id, index) => {
    const { object: from, matches: matched } = before[index] as ReturnType<typeof look>;
    const { object: to, matches } = look(id);
    const object = to ?? from;
    const isChanged = isOwn || (id === record.id && detailMembers.length > 0);
    if (object === undefined || (!matched && !matches) || (matched === matches && !isChanged)) return [];
    const type = matched ? (matches ? 'CHANGED' : 'REMOVED') : 'ADDED';
    const members = isOwn ? memberChanges(list, from, to) : id === record.id ? detailMembers : [];
    return [{ type, object, previousState: type === 'ADDED' ? null : record.previousState, members, at: record.at }];
  });
}

/** Merges the records of several logs by their dates; each log stays in its order. `first`: the list that begins. */
export function mergeRecords(
  logs: readonly (readonly ListRecord[])[],
  first: KeptListName | undefined,
): readonly ListRecord[] {
  const merged: ListRecord[] = [];
  const next = logs.map(() => 0);
  const beginning = logs.findIndex(([head]) => head !== undefined && head.list === first);
  if (beginning >= 0) merged.push(take(beginning));
  for (;;) {
    let earliest: number | undefined;
    for (const index of logs.keys()) {
      const head = headOf(index);
      if (head === undefined) continue;
      if (earliest === undefined || head.record.at < (headOf(earliest)?.record.at ?? 0)) earliest = index;
    }
    if (earliest === undefined) return merged;
    merged.push(take(earliest));
  }

  function headOf(log: number): ListRecord | undefined {
    return logs[log]?.[next[log] ?? 0];
  }

  function take(log: number): ListRecord {
    const head = headOf(log) as ListRecord;
    next[log] = (next[log] ?? 0) + 1;
    return head;
  }
}
