import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateText } from '../../src/executor/json-text.ts';
import { runs } from '../support/runs.ts';

const LAST = 8.64e15;

test('serializes a date of any year as JSON.stringify does', () => {
  const times = fc.oneof(
    fc.integer({ min: -LAST, max: LAST }),
    fc.integer({ min: -4e12, max: 4e12 }),
    // About midnight, where one day ends.
    fc
      .tuple(fc.integer({ min: -1e8 + 1, max: 1e8 - 1 }), fc.integer({ min: -2, max: 2 }))
      .map(([day, ms]) => day * 86_400_000 + ms),
    fc.constantFrom(-LAST, LAST, 0, -1, -0.5, 0.9),
  );
  fc.assert(
    fc.property(times, (time) => {
      const date = new Date(time);
      expect(dateText(date)).toBe(JSON.stringify(date));
      expect(dateText(date)).toBe(JSON.stringify(date));
    }),
    { numRuns: runs(20_000) },
  );
});

test('serializes dates correctly beyond the size of the cache', () => {
  for (let day = 0; day < 10_000; day += 1) {
    const date = new Date(day * 86_400_000 + day);
    expect(dateText(date)).toBe(JSON.stringify(date));
  }
});

test('rejects an invalid date', () => {
  expect(() => dateText(new Date(Number.NaN))).toThrow(RangeError);
});
