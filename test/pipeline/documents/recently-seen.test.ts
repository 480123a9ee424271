import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentlySeen } from '../../../src/pipeline/documents/document-cache.ts';

test('recognizes any text the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seen = new RecentlySeen();
      expect([seen.has(text), seen.has(text)]).toEqual([false, true]);
    }),
    { numRuns: 50 },
  );
});

test('has few false positives and few evictions among a thousand texts', () => {
  const seen = new RecentlySeen();
  const texts = Array.from({ length: 1_000 }, (_, n) => `query Unseen${n} { organization { id arn${n}: arn } }`);
  expect(texts.filter((text) => seen.has(text))).toHaveLength(0);
  expect(texts.filter((text) => seen.has(text)).length).toBeGreaterThan(900);
});
