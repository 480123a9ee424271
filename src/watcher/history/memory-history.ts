import { type Clock, later, type WallMs } from '../../upstream/index.ts';
import { isSameOffset, type LogOffset, offsetOf } from '../log-offset.ts';
import { DayLimits } from './day-limits.ts';
import { type EntryPlace, entryId, isBefore, nextPlace, placeOf, timeOf } from './entry-ids.ts';
import { changeText, entryOf as parseEntry } from './entry-text.ts';
import {
  type HistoryBatch,
  type HistoryChange,
  type HistoryEntry,
  type HistoryGap,
  type HistoryRange,
  type HistoryStore,
  isGapOf,
  maxGaps,
  objectIdsOf,
} from './history-types.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';

interface MemoryEntry {
  readonly id: string;
  /** Encoded, so that its size is known, and it takes less memory. */
  readonly text: string;
  readonly objectIds: readonly string[];
}

export interface MemoryHistoryOptions {
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly retentionMs: number;
  /** In characters; older changes are dropped. */
  readonly maxLength?: number | undefined;
}

const MAX_LENGTH = 32 * 1024 * 1024;
/** What an entry takes beside its text, in characters. */
const ENTRY_LENGTH = 200;

/** The history of one organization in memory: it ends with the process. */
export class MemoryHistory implements HistoryStore {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #retentionMs: number;
  readonly #maxLength: number;
  /** The oldest first. */
  #entries: MemoryEntry[] = [];
  readonly #byObject = new Map<string, MemoryEntry[]>();
  readonly #offsets = new Map<string, LogOffset>();
  #gaps = new Map<string, HistoryGap>();
  readonly #limits = new DayLimits(() => Promise.resolve(0));
  #last: EntryPlace | undefined;
  #length = 0;

  constructor({ clock, retentionMs, maxLength = MAX_LENGTH }: MemoryHistoryOptions) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
    this.#maxLength = maxLength;
  }

  async offset(list: string): Promise<LogOffset | undefined> {
    return this.#offsets.get(list);
  }

  async append({ list, before, after, changes, gap }: HistoryBatch): Promise<boolean> {
    const latest = changes.at(-1);
    if (latest !== undefined) await this.#limits.prepare([], latest.at);
    const known = this.#offsets.get(list);
    if (isSameOffset(known, after)) return true;
    if (!isSameOffset(known, before)) return false;
    this.#offsets.set(list, offsetOf(after));
    if (gap !== undefined) this.#addGap(gap);
    for (const change of changes) {
      const full = this.#limits.take(change.objectId, change.at);
      if (full === undefined) this.#add(change);
      else this.#addGap(full);
    }
    this.#expire();
    return true;
  }

  async read({ objectIds, before, since, until, limit }: HistoryRange): Promise<readonly HistoryEntry[]> {
    this.#expire();
    const inRange = (entries: readonly MemoryEntry[]) => {
      const ids: MemoryEntry[] = [];
      for (let index = indexBefore(entries, before, until) - 1; index >= 0 && ids.length < limit; index -= 1) {
        const entry = entries[index] as MemoryEntry;
        if (since !== undefined && timeOf(entry.id) < since) break;
        ids.push(entry);
      }
      return ids;
    };
    if (objectIds === undefined) return inRange(this.#entries).map(entryOf);
    const found = [...new Set(objectIds)].map((id) => inRange(this.#byObject.get(id) ?? []));
    const byId = new Map(found.flat().map((entry) => [entry.id, entry]));
    const ids = found.map((entries) => entries.map(({ id }) => id));
    return mergeNewestFirst(ids, limit, (a, b) => isBefore(b, a)).map((id) => entryOf(byId.get(id) as MemoryEntry));
  }

  async gaps(since: WallMs, until: WallMs, objectIds: readonly string[] | undefined): Promise<readonly HistoryGap[]> {
    return [...this.#gaps.values()]
      .filter((gap) => gap.since <= until && gap.until >= since && isGapOf(gap, objectIds))
      .sort((a, b) => b.since - a.since)
      .slice(0, maxGaps);
  }

  close(): void {
    this.#entries = [];
    this.#byObject.clear();
  }

  #add(change: HistoryChange): void {
    this.#last = nextPlace(this.#last, change.at);
    const objectIds = objectIdsOf(change);
    const entry = { id: entryId(this.#last), text: changeText(change), objectIds };
    this.#entries.push(entry);
    this.#length += entry.text.length + ENTRY_LENGTH;
    for (const id of objectIds) {
      const entries = this.#byObject.get(id);
      if (entries === undefined) this.#byObject.set(id, [entry]);
      else entries.push(entry);
    }
  }

  #addGap(gap: HistoryGap): void {
    this.#gaps.set(`${gap.since} ${gap.objectId ?? ''}`, gap);
  }

  #expire(): void {
    const oldest = later(this.#clock.wallMs(), -this.#retentionMs);
    let count = 0;
    for (const { id, text } of this.#entries) {
      const isExpired = timeOf(id) < oldest;
      if (!isExpired && this.#length <= this.#maxLength) break;
      count += 1;
      this.#length -= text.length + ENTRY_LENGTH;
      if (!isExpired) this.#countDropped(timeOf(id));
    }
    if (count === 0) return;
    for (const { objectIds } of this.#entries.splice(0, count)) for (const id of objectIds) this.#dropOldestOf(id);
    for (const [key, { until }] of this.#gaps) if (until < oldest) this.#gaps.delete(key);
  }

  /** Changes were dropped before their time, the oldest first. */
  #countDropped(at: WallMs): void {
    const known = this.#gaps.get(DROPPED);
    this.#gaps.set(DROPPED, { since: known?.since ?? at, until: at, missing: (known?.missing ?? 0) + 1 });
  }

  #dropOldestOf(objectId: string): void {
    const entries = this.#byObject.get(objectId);
    entries?.shift();
    if (entries?.length === 0) this.#byObject.delete(objectId);
  }
}

/** The gap of the changes that the memory had no space for. */
const DROPPED = 'dropped';

const entryOf = ({ id, text }: MemoryEntry): HistoryEntry => parseEntry(placeOf(id), text);

/** The index of the first entry that is not before `before`, or is later than `until`. */
function indexBefore(entries: readonly MemoryEntry[], before: string | undefined, until: WallMs | undefined): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { id } = entries[middle] as MemoryEntry;
    const isInside = (before === undefined || isBefore(id, before)) && (until === undefined || timeOf(id) <= until);
    if (isInside) low = middle + 1;
    else high = middle;
  }
  return low;
}
