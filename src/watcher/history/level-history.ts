import type { WallMs } from '../../upstream/index.ts';
import { keyPart } from '../codec.ts';
import { clearUnder, type LevelStore, logPrefix, type Operation } from '../level-store.ts';
import { isSameOffset, type LogOffset, offsetOf } from '../log-offset.ts';
import { DayLimits } from './day-limits.ts';
import { type EntryPlace, entryId, nextPlace, placeOfSortable, sortableId, sortableTime } from './entry-ids.ts';
import { changeText, entryOf } from './entry-text.ts';
import {
  type HistoryBatch,
  type HistoryChange,
  type HistoryEntry,
  type HistoryGap,
  type HistoryRange,
  type HistoryStore,
  isGapOf,
  maxGaps,
  maxGapsRead,
  objectIdsOf,
} from './history-types.ts';
import { mergeNewestFirst } from './merge-newest-first.ts';

/** Names a history that the store has. Its key has no other `!`. */
export const registryPrefix = 'history!';

/** Expired entries are deleted so many at a time. */
const EXPIRED_PER_BATCH = 200;
/** LevelDB reads about this much at a time, in bytes. */
const highWaterMarkBytes = 64 * 1024;

/**
 * The history of one organization in a LevelDB store. Its keys are `<log>!entry!<id>` (a change),
 * `<log>!of!<object>!<id>` (its place in the history of an object), `<log>!offset!<list>` and `<log>!gap!<time>!<object>`.
 */
export class LevelHistory implements HistoryStore {
  readonly #store: LevelStore;
  readonly #log: string;
  readonly #entries: string;
  readonly #gaps: string;
  readonly #offsets: string;
  readonly #oldest: () => WallMs;
  #limits: DayLimits;
  /** The last place that was given; undefined before it was read, and null if there is none. */
  #last: EntryPlace | null | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #isOpen = false;

  /** `oldest`: earlier changes have expired. */
  constructor(store: LevelStore, log: string, oldest: () => WallMs) {
    this.#oldest = oldest;
    const prefix = logPrefix(log);
    this.#store = store;
    this.#log = log;
    this.#entries = `${prefix}entry!`;
    this.#gaps = `${prefix}gap!`;
    this.#offsets = `${prefix}offset!`;
    this.#limits = this.#createLimits();
  }

  open(): this {
    this.#isOpen = true;
    return this;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Resolves when no write is in flight. */
  get idle(): Promise<unknown> {
    return this.#lastWrite;
  }

  async offset(list: string): Promise<LogOffset | undefined> {
    const text = await this.#store.get(`${this.#offsets}${list}`);
    return text === undefined ? undefined : (JSON.parse(text) as LogOffset);
  }

  append(batch: HistoryBatch): Promise<boolean> {
    return this.#queue(async () => {
      try {
        return await this.#append(batch);
      } catch (error) {
        // What was counted may not be stored.
        this.#limits = this.#createLimits();
        this.#last = undefined;
        throw error;
      }
    });
  }

  async read({ objectIds, before, since, until, limit }: HistoryRange): Promise<readonly HistoryEntry[]> {
    const upper = [
      ...(before === undefined ? [] : [sortableId(before)]),
      ...(until === undefined ? [] : [sortableTime(until + 1)]),
    ].sort()[0];
    const bounds = (prefix: string) => ({
      gte: `${prefix}${sortableTime(Math.max(since ?? 0, this.#oldest()))}`,
      lt: upper === undefined ? endOf(prefix) : `${prefix}${upper}`,
      reverse: true,
      limit,
      highWaterMarkBytes,
    });
    if (objectIds === undefined) {
      const found = await this.#store.iterator(bounds(this.#entries)).all();
      return found.map(([key, text]) => entryOf(placeOfSortable(key.slice(this.#entries.length)), text));
    }
    const ids = await Promise.all(
      [...new Set(objectIds)].map(async (id) => {
        const prefix = this.#indexOf(id);
        const keys = await this.#store.keys(bounds(prefix)).all();
        return keys.map((key) => key.slice(prefix.length));
      }),
    );
    const places = mergeNewestFirst(ids, limit);
    const texts = await this.#store.getMany(places.map((place) => `${this.#entries}${place}`));
    return places.flatMap((place, index) => {
      const text = texts[index];
      // It has expired meanwhile.
      return text === undefined ? [] : entryOf(placeOfSortable(place), text);
    });
  }

  async gaps(since: WallMs, until: WallMs, objectIds: readonly string[] | undefined): Promise<readonly HistoryGap[]> {
    const found: HistoryGap[] = [];
    const range = {
      gt: this.#gaps,
      lt: `${this.#gaps}${sortableTime(until + 1)}`,
      reverse: true,
      limit: maxGapsRead,
    };
    for await (const [, text] of this.#store.iterator(range)) {
      const gap = JSON.parse(text) as HistoryGap;
      if (gap.until < since || !isGapOf(gap, objectIds)) continue;
      found.push(gap);
      if (found.length === maxGaps) break;
    }
    return found;
  }

  /** Deletes expired changes. Deletes the whole history if nothing is left and it is not open. */
  async expire(): Promise<void> {
    const before = this.#oldest();
    while (await this.#queue(() => this.#expirePage(before)));
    await this.#queue(async () => {
      await this.#store.clear({ gt: this.#gaps, lt: `${this.#gaps}${sortableTime(before)}` });
      if (this.#isOpen || (await this.#store.keys({ ...rangeOf(this.#entries), limit: 1 }).all()).length > 0) return;
      await clearUnder(this.#store, logPrefix(this.#log));
      await this.#store.del(`${registryPrefix}${this.#log}`);
    });
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastWrite.then(work);
    this.#lastWrite = done.catch(() => undefined);
    return done;
  }

  async #append({ list, before, after, changes, gap }: HistoryBatch): Promise<boolean> {
    const known = await this.offset(list);
    if (isSameOffset(known, after)) return true;
    if (!isSameOffset(known, before)) return false;
    const operations: Operation[] = [
      { type: 'put', key: `${registryPrefix}${this.#log}`, value: '' },
      {
        type: 'put',
        key: `${this.#offsets}${list}`,
        value: JSON.stringify(offsetOf(after)),
      },
    ];
    if (gap !== undefined) operations.push(this.#gapOperation(gap));
    const latest = changes.at(-1);
    if (latest !== undefined) {
      const ids = changes.map(({ objectId }) => objectId);
      await this.#limits.prepare(ids, latest.at);
      for (const change of changes) {
        const full = this.#limits.take(change.objectId, change.at);
        operations.push(...(full === undefined ? await this.#putOperations(change) : [this.#gapOperation(full)]));
      }
    }
    await this.#store.batch(operations);
    return true;
  }

  async #putOperations(change: HistoryChange): Promise<Operation[]> {
    if (this.#last === undefined) {
      const [key] = await this.#store.keys({ ...rangeOf(this.#entries), reverse: true, limit: 1 }).all();
      this.#last = key === undefined ? null : placeOfSortable(key.slice(this.#entries.length));
    }
    const place = nextPlace(this.#last ?? undefined, change.at);
    this.#last = place;
    const sortable = sortableId(entryId(place));
    const indexed = objectIdsOf(change).map(
      (id): Operation => ({ type: 'put', key: `${this.#indexOf(id)}${sortable}`, value: '' }),
    );
    return [{ type: 'put', key: `${this.#entries}${sortable}`, value: changeText(change) }, ...indexed];
  }

  #gapOperation(gap: HistoryGap): Operation {
    const key = `${this.#gaps}${sortableTime(gap.since)}!${keyPart(gap.objectId ?? '')}`;
    return { type: 'put', key, value: JSON.stringify(gap) };
  }

  /** Returns whether there may be more. */
  async #expirePage(before: WallMs): Promise<boolean> {
    const range = { gt: this.#entries, lt: `${this.#entries}${sortableTime(before)}`, limit: EXPIRED_PER_BATCH };
    const expired = await this.#store.iterator(range).all();
    const operations = expired.flatMap(([key, text]): Operation[] => {
      const place = key.slice(this.#entries.length);
      const ids = objectIdsOf(JSON.parse(text) as HistoryChange);
      return [key, ...ids.map((id) => `${this.#indexOf(id)}${place}`)].map((one) => ({ type: 'del', key: one }));
    });
    await this.#store.batch(operations);
    return expired.length === EXPIRED_PER_BATCH;
  }

  #createLimits(): DayLimits {
    return new DayLimits(async (objectId, since, limit) => {
      const prefix = objectId === '' ? this.#entries : this.#indexOf(objectId);
      const range = { gte: `${prefix}${sortableTime(since)}`, lt: endOf(prefix), limit };
      let count = 0;
      for await (const _ of this.#store.keys(range)) count += 1;
      return count;
    });
  }

  #indexOf(objectId: string): string {
    return `${logPrefix(this.#log)}of!${keyPart(objectId)}!`;
  }
}

// '"' is the character after '!'.
const endOf = (prefix: string): string => `${prefix.slice(0, -1)}"`;
const rangeOf = (prefix: string) => ({ gt: prefix, lt: endOf(prefix) });
