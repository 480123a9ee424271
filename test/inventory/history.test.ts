import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../../src/inventory/history.ts';
import type { HistoryFilter } from '../../src/inventory/types.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import type {
  ChangedType,
  ChangeKind,
  ChangeSource,
  HistoryChange,
  HistoryEntry,
  HistoryReader,
} from '../../src/watcher/history/history-types.ts';
import { dayMs } from '../../src/watcher/history/history-types.ts';
import { MemoryHistory } from '../../src/watcher/history/memory-history.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';

const start = Date.UTC(2026, 0, 1);

const storeOf = async (changes: readonly HistoryChange[]) => {
  const store = new MemoryHistory({ clock: new ManualClock(start), retentionMs: 10 * dayMs });
  const after = { epoch: 'e', sequence: 1 };
  await store.append({ list: 'accounts', before: undefined, after, changes });
  return store;
};

/** Reads all pages. */
const readAll = async (reader: HistoryReader, filter: HistoryFilter, first: number) => {
  const all: HistoryEntry[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await readHistory(reader, { filter, first, after });
    expect(page.entries.length).toBeLessThanOrEqual(first);
    all.push(...page.entries);
    if (!page.hasMore) return all;
    expect(page.end).not.toBe(after);
    after = page.end;
  }
};

const ids = ['111111111111', 'ou-root-workload', 'p-examplepolicy'] as const;
const types: readonly ChangedType[] = ['ACCOUNT', 'TAG', 'POLICY_ATTACHMENT'];
const kinds: readonly ChangeKind[] = ['ADDED', 'CHANGED', 'REMOVED'];
const sources: readonly ChangeSource[] = ['GATEWAY', 'HINT', 'POLL'];
const names = ['Straße', 'STRASSE', 'Ångström', 'plain'] as const;

const change = fc.record({
  at: fc.nat({ max: 50 }).map((ms) => (start + ms) as WallMs),
  kind: fc.constantFrom(...kinds),
  type: fc.constantFrom(...types),
  objectId: fc.constantFrom(...ids),
  relatedIds: fc.constantFrom([], [ids[2]]),
  objectName: fc.constantFrom(undefined, ...names),
  members: fc.constantFrom(
    [],
    [{ name: 'name', before: 'old', after: 'new' }],
    [{ name: 'tags', before: [], after: [{ key: 'stage', value: 'prod' }] }],
  ),
  source: fc.constantFrom(...sources),
  caller: fc.constantFrom(undefined, 'kim', 'lee'),
});

const some = <T>(values: readonly T[]) => fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }));
const filters: fc.Arbitrary<HistoryFilter> = fc.record({
  objectIds: some(ids),
  types: some(types),
  kinds: some(kinds),
  sources: some(sources),
  callers: some(['kim', 'lee', 'max']),
  text: fc.option(fc.constantFrom('strasse', 'ångström', 'PROD', 'workload', 'old', 'absent')),
  since: fc.option(fc.nat({ max: 60 }).map((ms) => new Date(start + ms))),
  until: fc.option(fc.nat({ max: 60 }).map((ms) => new Date(start + ms))),
});

const fold = (text: string) => text.normalize('NFC').toLowerCase();

/** All conditions, one after the other. */
const matches = (entry: HistoryEntry, filter: HistoryFilter): boolean => {
  const { objectIds, since, until, text, callers } = filter;
  const texts = [
    entry.objectName ?? '',
    entry.objectId,
    ...(entry.relatedIds ?? []),
    ...entry.members.flatMap(({ before, after }) => [before, after].map((one) => JSON.stringify(one))),
  ];
  return (
    (objectIds == null || [entry.objectId, ...(entry.relatedIds ?? [])].some((id) => objectIds.includes(id))) &&
    (filter.types?.includes(entry.type) ?? true) &&
    (filter.kinds?.includes(entry.kind) ?? true) &&
    (filter.sources?.includes(entry.source) ?? true) &&
    (callers == null || (entry.caller !== undefined && callers.includes(entry.caller))) &&
    (since == null || entry.at >= since.getTime()) &&
    (until == null || entry.at <= until.getTime()) &&
    (text == null || texts.some((one) => fold(one).includes(fold(text))))
  );
};

describe('a page of a history', () => {
  it('has the changes that match all conditions, the newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 40 }),
        filters,
        fc.integer({ min: 1, max: 9 }),
        async (changes, filter, first) => {
          const inOrder = changes.toSorted((a, b) => a.at - b.at);
          const store = await storeOf(inOrder);
          const all = await store.read({ limit: 1_000 });
          const expected = all.filter((entry) => matches(entry, filter));
          expect(await readAll(store, filter, first)).toEqual(expected);
        },
      ),
      { numRuns: runs(300, 100) },
    );
  });

  it('reads no more changes than it needs without a condition that the store does not know', async () => {
    const changes = Array.from({ length: 500 }, (_, number): HistoryChange => {
      const members = [{ name: 'name', before: number, after: number + 1 }];
      const at = (start + number) as WallMs;
      return { at, kind: 'CHANGED', type: 'ACCOUNT', objectId: `object ${number % 5}`, members, source: 'POLL' };
    });
    const store = await storeOf(changes);
    let read = 0;
    const reader: HistoryReader = {
      async read(range) {
        const entries = await store.read(range);
        read += entries.length;
        return entries;
      },
      gaps: (...args) => store.gaps(...args),
    };
    expect((await readHistory(reader, { filter: {}, first: 50 })).entries).toHaveLength(50);
    expect(read).toBe(51);
    await readHistory(reader, { filter: { objectIds: ['object 1'], since: new Date(start) }, first: 50 });
    expect(read).toBe(102);
  });

  it('ends when it has looked at many changes, and the next page continues there', async () => {
    const at = start as WallMs;
    const template = { at, kind: 'CHANGED', type: 'ACCOUNT', members: [], source: 'POLL' } as const;
    let reads = 0;
    /** An endless history of changes by polls, with one by a hint. */
    const reader: HistoryReader = {
      async read({ before, limit }) {
        reads += 1;
        const from = before === undefined ? 40_000 : Number(before.split('-')[1]);
        return Array.from({ length: Math.min(limit, from) }, (_, index): HistoryEntry => {
          const number = from - index - 1;
          return { ...template, id: `${start}-${number}`, objectId: 'a', ...(number === 15_000 && { source: 'HINT' }) };
        });
      },
      gaps: async () => [],
    };
    const filter = { sources: ['HINT'] } as const;
    const pages: number[] = [];
    let after: string | undefined;
    for (let hasMore = true; hasMore; ) {
      const page = await readHistory(reader, { filter, first: 50, after });
      expect(reads).toBeLessThanOrEqual(20);
      reads = 0;
      pages.push(page.entries.length);
      after = page.end;
      hasMore = page.hasMore;
    }
    expect(pages).toEqual([0, 0, 1, 0, 0]);
  });
});
