import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../src/token-bucket.ts';

const limits = fc.record({
  rate: fc.double({ min: 0.05, max: 100, noNaN: true }),
  burst: fc.integer({ min: 1, max: 50 }),
});

describe('a token bucket', () => {
  it('never gives more than burst + rate * t tokens in any t seconds', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 100 });
    const property = fc.property(limits, waits, ({ rate, burst }, waits) => {
      const bucket = new TokenBucket({ rate, burst }, 0);
      const taken: number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        if (bucket.fill(now) < 1) continue;
        bucket.take(1);
        taken.push(now);
      }
      for (const [i, start] of taken.entries()) {
        for (const [j, end] of taken.entries()) {
          if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(burst + (rate * (end - start)) / 1000 + 1e-6);
        }
      }
    });
    fc.assert(property);
  });

  it('has a token after the time that it names, and none before', () => {
    const property = fc.property(limits, fc.integer({ min: 0, max: 200 }), ({ rate, burst }, taken) => {
      const bucket = new TokenBucket({ rate, burst }, 0);
      bucket.take(taken);
      const ms = bucket.msUntil(1);
      expect(bucket.fill(ms * 0.99) >= 1).toBe(ms === 0);
      expect(bucket.fill(ms)).toBeGreaterThan(1 - 1e-6);
    });
    fc.assert(property);
  });

  it('stands still when its clock does, and never goes above its burst', () => {
    const bucket = new TokenBucket({ rate: 2, burst: 3 }, 1_000);
    bucket.take(5);
    expect(bucket.fill(1_000)).toBe(-2);
    expect(bucket.fill(500)).toBe(-2);
    expect(bucket.fill(2_000)).toBe(0);
    expect(bucket.fill(3_000, 1)).toBe(1);
    expect(bucket.fill(60_000)).toBe(3);
    bucket.lowerTo(1);
    expect(bucket.fill(60_000)).toBe(1);
  });

  it('without a limit always has tokens', () => {
    const bucket = new TokenBucket({ rate: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY }, 0);
    bucket.take(1_000);
    expect(bucket.fill(0)).toBe(Number.POSITIVE_INFINITY);
    bucket.lowerTo(0);
    expect(bucket.msUntil(5)).toBe(0);
    expect(bucket.fill(1)).toBe(Number.POSITIVE_INFINITY);
  });
});
