import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPattern, matchesPatternIgnoringCase } from '../../src/control-policies/wildcards.ts';

const letters = (...units: readonly string[]): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });

test('matches like the equivalent regular expression', () => {
  fc.assert(
    fc.property(letters('a', 'b', '*', '?', '.'), letters('a', 'b', '.'), (pattern, text) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 500 },
  );
});

test('matches quickly with many asterisks', () => {
  expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(2_000))).toBe(false);
});

test('compares names of actions without case', () => {
  expect(matchesPatternIgnoringCase('ORGANIZATIONS:list*', 'organizations:ListAccounts')).toBe(true);
});
