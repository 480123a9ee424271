import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReadCache } from '../../src/upstream/read-cache.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { runs } from '../support/runs.ts';

const operation = 'DescribeAccount';

function createCache(entries: number, ttlMs: number) {
  const clock = new ManualClock();
  const cache = new ReadCache({ clock, entries, ttlMs: () => ttlMs });
  const set = (key: string, value: object = {}) => cache.set(operation, key, value, cache.freshness.version);
  return { cache, clock, set };
}

const step = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constantFrom('set', 'get'), key: fc.integer({ min: 0, max: 40 }).map(String) }),
    weight: 8,
  },
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
);

test('the cache keeps the most recently used replies up to its limit, each in its last version until it expires', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 10_000 }),
    fc.array(step, { maxLength: 300 }),
    async (entries, ttlMs, steps) => {
      const { cache, clock, set } = createCache(entries, ttlMs);
      const known = new Map<string, { value: object; expires: number }>();
      /** Keys, with the most recently used last. */
      let used: string[] = [];
      const use = (key: string) => {
        used = [...used.filter((other) => other !== key), key];
      };
      const always = entries - Math.floor(entries / 10);
      for (const each of steps) {
        if (each.kind === 'wait') {
          await clock.advance(each.ms);
          continue;
        }
        const { key } = each;
        if (each.kind === 'set') {
          const value = {};
          set(key, value);
          known.set(key, { value, expires: clock.monotonicMs() + ttlMs });
          use(key);
        } else {
          const answer = cache.get(operation, key)?.output;
          const last = known.get(key);
          const stands = last !== undefined && last.expires > clock.monotonicMs();
          if (answer !== undefined) expect(answer).toBe(stands ? last.value : undefined);
          else if (stands) expect(used.indexOf(key)).toBeLessThan(used.length - always);
          if (answer !== undefined) use(key);
        }
        expect(cache.size).toBeLessThanOrEqual(entries);
      }
    },
  );
  await fc.assert(property, { numRuns: runs(300) });
});

test('storing a reply evicts expired ones', async () => {
  const { cache, clock, set } = createCache(10_000, 5_000);
  for (let number = 0; number < 5_000; number += 1) set(String(number));
  expect(cache.size).toBe(5_000);
  await clock.advance(5_000);
  set('another');
  expect(cache.size).toBe(1);
});

test('evicting expired replies keeps all others', async () => {
  const clock = new ManualClock();
  const ttlMs = (name: string) => (name === 'ListRoots' ? 60_000 : 5_000);
  const cache = new ReadCache({ clock, entries: 10_000, ttlMs });
  const roots = {};
  cache.set('ListRoots', 'roots', roots, 0);
  cache.set(operation, 'account', {}, 0);
  await clock.advance(5_000);
  cache.set(operation, 'another', {}, 0);
  expect(cache.size).toBe(2);
  expect(cache.get('ListRoots', 'roots')?.output).toBe(roots);
});
