import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConfigInput, configSchema } from '../../../src/config/index.ts';
import { BYTES_PER_DOCUMENT, MemoryPersistedQueries } from '../../../src/pipeline/documents/persisted-queries.ts';

function create(settings: ConfigInput['persistedQueries']): MemoryPersistedQueries {
  const { persistedQueries } = configSchema.parse({ persistedQueries: settings });
  if (persistedQueries === undefined) throw new Error('off');
  return new MemoryPersistedQueries(persistedQueries);
}

const add = (store: MemoryPersistedQueries, owner: string, names: readonly string[], length = 10) => {
  for (const name of names) store.add(owner, name, name.padEnd(length));
};
const found = (store: MemoryPersistedQueries, names: readonly string[]) =>
  names.filter((name) => store.find(name) !== undefined);
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('persisted queries in memory', () => {
  it('are found by every caller', () => {
    const store = create({});
    store.add('alice', 'hash', '{ a }');
    expect(store.find('hash')).toBe('{ a }');
    store.add('bob', 'hash', '{ a }');
    expect(store.size).toEqual({ documents: 1, bytes: 10 + BYTES_PER_DOCUMENT, owners: 1 });
  });

  it('are removed, the least recently used first, when their caller adds too many', () => {
    const store = create({ perCaller: { maxDocuments: 3 } });
    add(store, 'alice', ['a', 'b', 'c']);
    store.find('a');
    add(store, 'alice', ['d']);
    expect(found(store, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  });

  it('are removed when their caller adds too many bytes', () => {
    const store = create({ perCaller: { maxBytes: 3 * (BYTES_PER_DOCUMENT + 2_000) } });
    add(store, 'alice', numbered('a', 4), 1_000);
    expect(found(store, numbered('a', 4))).toEqual(['a1', 'a2', 'a3']);
    add(store, 'alice', ['larger than all'], 100_000);
    expect(found(store, [...numbered('a', 4), 'larger than all'])).toEqual(['a1', 'a2', 'a3']);
  });

  it('of one caller are not removed for another that adds many', () => {
    const store = create({ maxDocuments: 100, perCaller: { maxDocuments: 1_000 } });
    add(store, 'alice', numbered('a', 40));
    add(store, 'mallory', numbered('m', 5_000));
    expect(found(store, numbered('a', 40))).toHaveLength(40);
    expect(store.size.documents).toBe(100);
  });

  it('of one caller are not removed for another that adds large ones', () => {
    const store = create({ maxBytes: 1_000_000, perCaller: { maxBytes: 1_000_000 } });
    add(store, 'alice', numbered('a', 100));
    add(store, 'mallory', numbered('m', 1_000), 30_000);
    expect(found(store, numbered('a', 100))).toHaveLength(100);
    expect(store.size.bytes).toBeLessThanOrEqual(1_000_000);
  });

  it('leave each of many callers its share', () => {
    const store = create({ maxDocuments: 100 });
    add(store, 'alice', numbered('a', 100));
    for (const owner of numbered('address ', 20)) add(store, owner, numbered(`${owner} `, 50));
    // 21 callers share 100 places.
    expect(found(store, numbered('a', 100)).length).toBeGreaterThanOrEqual(4);
  });

  it('are removed when they have not been used for the configured time', async () => {
    const store = create({ ttlMs: 30 });
    add(store, 'alice', ['a']);
    await expect.poll(() => found(store, ['a']), { interval: 60 }).toEqual([]);
    expect(store.size).toEqual({ documents: 0, bytes: 0, owners: 0 });
  });

  it('never exceed their bound, and are counted exactly', () => {
    const maxDocuments = 8;
    const maxBytes = 12_000;
    const perCaller = { maxDocuments: 5, maxBytes: 8_000 };
    const step = fc.record({
      owner: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.integer({ min: 0, max: 30 }),
      isAdded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const store = create({ maxDocuments, maxBytes, perCaller });
        for (const { owner, name, isAdded } of steps) {
          if (isAdded) add(store, owner, [`${name}`], name * 100);
          else store.find(`${name}`);
          const kept = found(store, numbered('', 31));
          expect(store.size.documents).toBe(kept.length);
          const bytes = kept.map((each) => 2 * Math.max(each.length, Number(each) * 100) + BYTES_PER_DOCUMENT);
          expect(store.size.bytes).toBe(bytes.reduce((sum, each) => sum + each, 0));
          expect(store.size.documents).toBeLessThanOrEqual(maxDocuments);
          expect(store.size.bytes).toBeLessThanOrEqual(maxBytes);
          expect(store.size.owners).toBeLessThanOrEqual(kept.length);
        }
      }),
    );
  });
});
