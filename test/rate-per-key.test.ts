import { expect, test } from 'vitest';
import { RatePerKey } from '../src/token-bucket.ts';

test('a key that has used more than it had waits until it has paid its debt', () => {
  const rate = new RatePerKey({ perSecond: 100, burst: 50 });
  expect(rate.debtMs('a', 0)).toBe(0);
  rate.charge('a', 149, 0);
  expect(rate.debtMs('a', 0)).toBe(1_000);
  expect(rate.debtMs('a', 500)).toBe(500);
  expect(rate.debtMs('a', 1_000)).toBe(0);
  expect(rate.debtMs('b', 0)).toBe(0);
});

test('no more than 10,000 keys are kept, and those in debt longest', () => {
  const rate = new RatePerKey({ perSecond: 1, burst: 10 });
  rate.charge('debtor', 1_000, 0);
  for (let n = 0; n < 50_000; n += 1) {
    rate.charge(`address ${n}`, 20, n / 1_000);
    expect(rate.size).toBeLessThanOrEqual(10_000);
  }
  expect(rate.debtMs('debtor', 50)).toBeGreaterThan(900_000);
});
