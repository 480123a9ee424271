import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentlySeen } from '../../../src/pipeline/documents/document-cache.ts';

test('a text is seen the second time, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seen = new RecentlySeen();
      expect([seen.has(text), seen.has(text)]).toEqual([false, true]);
    }),
    { numRuns: 50 },
  );
});

test('hardly a text is taken for another, and few of a thousand put another out', () => {
  const seen = new RecentlySeen();
  const texts = Array.from({ length: 1_000 }, (_, n) => `query Unseen${n} { organization { id arn${n}: arn } }`);
  expect(texts.filter((text) => seen.has(text))).toHaveLength(0);
  expect(texts.filter((text) => seen.has(text)).length).toBeGreaterThan(900);
});
