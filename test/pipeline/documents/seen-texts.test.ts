import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenTexts } from '../../../src/pipeline/documents/seen-texts.ts';

test('a text is seen the second time, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seen = new SeenTexts();
      expect([seen.before(text), seen.before(text)]).toEqual([false, true]);
    }),
    { numRuns: 50 },
  );
});

test('hardly a text is taken for another, and few of a thousand put another out', () => {
  const seen = new SeenTexts();
  const texts = Array.from({ length: 1_000 }, (_, n) => `query Unseen${n} { organization { id arn${n}: arn } }`);
  expect(texts.filter((text) => seen.before(text))).toHaveLength(0);
  expect(texts.filter((text) => seen.before(text)).length).toBeGreaterThan(900);
});
