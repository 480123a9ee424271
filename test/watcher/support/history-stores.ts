import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WallMs } from '../../../src/upstream/index.ts';
import {
  dayMs,
  type HistoryChange,
  type HistoryEntry,
  type HistoryRange,
  type HistoryStore,
  maxChangesPerObjectAndDay,
} from '../../../src/watcher/history/history-types.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { runs } from '../../support/runs.ts';

/** A store of one history, over a clock that stands at noon of a day. */
export interface TestedHistory extends AsyncDisposable {
  readonly clock: ManualClock;
  /** Opens the history, also a second time: as a restarted process or another replica does. */
  open(): HistoryStore;
  /** Whether a history that was opened again has the changes from before. */
  readonly isKept: boolean;
}

export const retentionMs = 10 * dayMs;

export const changeOf = (at: number, objectId: string, more: Partial<HistoryChange> = {}): HistoryChange => ({
  at: at as WallMs,
  kind: 'CHANGED',
  type: 'ACCOUNT',
  objectId,
  objectName: `name of ${objectId}`,
  members: [{ name: 'name', before: 'a', after: 'b' }],
  source: 'POLL',
  ...more,
});

const offset = (sequence: number) => ({ epoch: 'e', sequence });

/** Appends changes to the history of a list, one batch after the other. */
export class Appender {
  readonly #store: HistoryStore;
  readonly #list: string;
  #sequence: number | undefined;

  constructor(store: HistoryStore, list = 'accounts') {
    this.#store = store;
    this.#list = list;
  }

  async append(...changes: HistoryChange[]): Promise<boolean> {
    const before = this.#sequence === undefined ? undefined : offset(this.#sequence);
    this.#sequence = (this.#sequence ?? 0) + Math.max(1, changes.length);
    return await this.#store.append({ list: this.#list, before, after: offset(this.#sequence), changes });
  }
}

const idsOf = (entries: readonly HistoryEntry[]) => entries.map(({ id }) => id);
const objectsOf = (entries: readonly HistoryEntry[]) => entries.map(({ objectId }) => objectId);

/** Reads all pages of a range. */
const readAll = async (store: HistoryStore, range: Omit<HistoryRange, 'limit'>, limit: number) => {
  const all: HistoryEntry[] = [];
  for (;;) {
    const page = await store.read({ ...range, before: all.at(-1)?.id ?? range.before, limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
};

const small = fc.nat({ max: 4 });
const someObject = small.map((number) => `o${number}`);

/** The rules of every store of histories. */
export function describeHistoryStore(name: string, create: () => Promise<TestedHistory>): void {
  describe(name, () => {
    it('returns changes as they were stored, the newest first, a page at a time', async () => {
      await using tested = await create();
      const store = tested.open();
      const now = tested.clock.wallMs();
      const appender = new Appender(store);
      const full = changeOf(now, 'a', { caller: 'kim', requestId: 'r-1', source: 'GATEWAY', relatedIds: ['p'] });
      await appender.append(full, changeOf(now, 'b'));
      await appender.append(changeOf(now + 5, 'c', { objectName: undefined, members: [] }));
      const entries = await store.read({ limit: 10 });
      expect(objectsOf(entries)).toEqual(['c', 'b', 'a']);
      const { id, ...first } = entries[2] as HistoryEntry;
      expect(first).toEqual(full);
      expect(await store.read({ limit: 10, before: id })).toEqual([]);
      expect(objectsOf(await readAll(store, {}, 1))).toEqual(['c', 'b', 'a']);
      expect(new Set(idsOf(entries)).size).toBe(3);
    });

    it('returns the same as a naive filter, for any objects, times and page sizes', async () => {
      const change = fc.record({ ms: fc.nat({ max: 3 }), object: someObject, related: fc.option(someObject) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 12 }),
          fc.option(fc.uniqueArray(fc.oneof(someObject, fc.constant('unknown')), { minLength: 1 })),
          fc.option(fc.nat({ max: 40 })),
          fc.option(fc.nat({ max: 40 })),
          fc.integer({ min: 1, max: 7 }),
          async (batches, objectIds, since, until, limit) => {
            await using tested = await create();
            const store = tested.open();
            const appender = new Appender(store);
            const start = tested.clock.wallMs();
            let at: number = start;
            const all: HistoryChange[] = [];
            for (const batch of batches) {
              const changes = batch.map(({ ms, object, related }) => {
                at += ms;
                return changeOf(at, object, related === null ? {} : { relatedIds: [related] });
              });
              all.push(...changes);
              expect(await appender.append(...changes)).toBe(true);
            }
            const range = {
              objectIds: objectIds ?? undefined,
              since: since === null ? undefined : ((start + since) as WallMs),
              until: until === null ? undefined : ((start + until) as WallMs),
            };
            const expected = all
              .filter(
                ({ objectId, relatedIds = [], at: time }) =>
                  (objectIds === null || [objectId, ...relatedIds].some((id) => objectIds.includes(id))) &&
                  (since === null || time >= start + since) &&
                  (until === null || time <= start + until),
              )
              .reverse();
            const read = await readAll(store, range, limit);
            expect(read.map(({ id: _id, ...rest }) => rest)).toEqual(expected);
            expect(await store.read({ limit: 1_000 })).toHaveLength(all.length);
          },
        ),
        { numRuns: runs(100, 30) },
      );
    });

    it('stores a batch once, and none that does not follow the last one of its list', async () => {
      await using tested = await create();
      const store = tested.open();
      const now = tested.clock.wallMs();
      const batch = { list: 'accounts', before: undefined, after: offset(1), changes: [changeOf(now, 'a')] };
      expect(await store.append(batch)).toBe(true);
      expect(await store.append(batch)).toBe(true);
      const next = { list: 'accounts', before: offset(1), after: offset(2), changes: [changeOf(now, 'b')] };
      expect(await store.append({ ...next, before: offset(2), after: offset(3) })).toBe(false);
      expect(await store.append({ ...next, before: { epoch: 'other', sequence: 1 } })).toBe(false);
      expect(await store.append({ ...next, list: 'tags' })).toBe(false);
      expect(await store.append(next)).toBe(true);
      expect(await store.append({ ...next, list: 'tags', before: undefined })).toBe(true);
      expect(objectsOf(await store.read({ limit: 10 }))).toEqual(['b', 'b', 'a']);
      expect(await store.offset('accounts')).toEqual(offset(2));
      expect(await store.offset('policies')).toBeUndefined();
    });

    it('keeps its order when the clock is stepped back', async () => {
      await using tested = await create();
      const store = tested.open();
      const now = tested.clock.wallMs();
      const appender = new Appender(store);
      await appender.append(changeOf(now, 'a'));
      await appender.append(changeOf(now - 60_000, 'b'));
      await appender.append(changeOf(now + 1, 'c'));
      const entries = await store.read({ limit: 10 });
      expect(entries.map(({ objectId, at }) => [objectId, at - now])).toEqual([
        ['c', 1],
        ['b', 0],
        ['a', 0],
      ]);
    });

    it('counts the changes of an object beyond the limit of a day as a gap, and stores those of others', async () => {
      await using tested = await create();
      const store = tested.open();
      const now = tested.clock.wallMs();
      const appender = new Appender(store);
      for (let number = 0; number < maxChangesPerObjectAndDay + 3; number += 1)
        await appender.append(changeOf(now + number, 'busy'));
      await appender.append(changeOf(now + 1_000, 'quiet'));
      expect(await store.read({ objectIds: ['busy'], limit: 1_000 })).toHaveLength(maxChangesPerObjectAndDay);
      expect(await store.read({ objectIds: ['quiet'], limit: 10 })).toHaveLength(1);
      const end = (now + dayMs) as WallMs;
      const since = now + maxChangesPerObjectAndDay;
      const gap = { since, until: since + 2, objectId: 'busy', missing: 3 };
      expect(await store.gaps(now, end, undefined)).toEqual([gap]);
      expect(await store.gaps(now, end, ['busy'])).toEqual([gap]);
      expect(await store.gaps(now, end, ['quiet'])).toEqual([]);
      expect(await store.gaps(now, (since - 1) as WallMs, undefined)).toEqual([]);
      expect(await store.gaps((since + 3) as WallMs, end, undefined)).toEqual([]);
      // The next day has its own limit.
      await appender.append(changeOf(now + dayMs, 'busy'));
      expect((await store.read({ objectIds: ['busy'], limit: 1 }))[0]?.at).toBe(now + dayMs);
    });

    it('reports a gap in the log for every object', async () => {
      await using tested = await create();
      const store = tested.open();
      const now = tested.clock.wallMs();
      const gap = { since: now, until: (now + 10) as WallMs };
      const batch = { list: 'accounts', before: undefined, after: offset(1), changes: [changeOf(now, 'a')] };
      await store.append({ ...batch, gap });
      expect(await store.gaps(now, now, ['a'])).toEqual([gap]);
    });

    it('does not return what has expired', async () => {
      await using tested = await create();
      const store = tested.open();
      const appender = new Appender(store);
      await appender.append(changeOf(tested.clock.wallMs(), 'a'));
      await tested.clock.advance(retentionMs / 2);
      await appender.append(changeOf(tested.clock.wallMs(), 'b'));
      await tested.clock.advance(retentionMs / 2 + 1);
      expect(objectsOf(await store.read({ limit: 10 }))).toEqual(['b']);
      expect(await store.read({ objectIds: ['a'], limit: 10 })).toEqual([]);
    });

    it('continues after a restart, with the limits of the same day', async () => {
      await using tested = await create();
      if (!tested.isKept) return;
      const now = tested.clock.wallMs();
      const first = tested.open();
      const appender = new Appender(first);
      for (let number = 0; number < maxChangesPerObjectAndDay - 1; number += 1)
        await appender.append(changeOf(now + number, 'a'));
      first.close();
      const second = tested.open();
      const before = await second.offset('accounts');
      expect(before).toEqual(offset(maxChangesPerObjectAndDay - 1));
      const changes = [changeOf(now + 1_000, 'a'), changeOf(now + 1_001, 'a')];
      expect(await second.append({ list: 'accounts', before, after: offset(1_000), changes })).toBe(true);
      expect(await second.read({ limit: 1_000 })).toHaveLength(maxChangesPerObjectAndDay);
      expect(await second.gaps(now, (now + dayMs) as WallMs, undefined)).toMatchObject([{ objectId: 'a', missing: 1 }]);
    });
  });
}
