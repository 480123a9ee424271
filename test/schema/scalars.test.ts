import fc from 'fast-check';
import { DateTimeResolver } from 'graphql-scalars';
import { expect, test } from 'vitest';
import { DateTime, parseDateTime } from '../../src/schema/scalars.ts';

const digits = (most: number, length = 2) =>
  fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(length, '0'));
const clock = fc.tuple(digits(25), digits(61)).map((parts) => parts.join(':'));

/** Texts of the grammar, whose numbers go a little too far, and now and then with a character too many, too few or exchanged. */
const texts = fc
  .tuple(
    fc.oneof(digits(9999, 4), fc.constantFrom('1900', '2000', '2023', '2024', '2100')),
    digits(13),
    digits(32),
    fc.constantFrom('T', 't', ' '),
    clock,
    digits(61),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{0,9}$/)),
    fc.oneof(
      fc.constantFrom('Z', 'z', ''),
      fc.tuple(fc.constantFrom('+', '-', '|'), clock).map((zone) => zone.join('')),
    ),
  )
  .map(
    ([year, month, day, t, time, second, fraction, zone]) =>
      `${year}-${month}-${day}${t}${time}:${second}${fraction}${zone}`,
  );
const mutilated = fc
  .tuple(texts, fc.nat(30), fc.nat(2), fc.constantFrom('', '0', '-', ':', ' ', '\n', 'Z', '٣'))
  .map(([text, at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length));

/** The library's answer, as an oracle. */
function expected(text: string): number | undefined {
  try {
    return DateTimeResolver.parseValue(text).getTime();
  } catch {
    return undefined;
  }
}

test('a DateTime is accepted, rejected and parsed as by graphql-scalars', () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof({ arbitrary: texts, weight: 4 }, mutilated), (text) => {
      const moment = parseDateTime(text)?.getTime();
      expect(moment).toBe(expected(text));
      seen[moment === undefined ? 'refused' : 'taken'] += 1;
    }),
    { numRuns: 5_000 },
  );
  expect(seen.taken).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(100);
});

test('every Date with a four-digit year is parsed to the date that was serialized', () => {
  const dates = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (date) => {
      expect(parseDateTime(date.toISOString())?.getTime()).toBe(date.getTime());
    }),
  );
});

test.for([undefined, null, 0, {}, [], true, new Date(0)])('%o is no text, and refused', (value) => {
  expect(parseDateTime(value)).toBeUndefined();
});

test.for([new Date(Number.NaN), 'tomorrow', 0, null])('%o is never answered as a DateTime', (value) => {
  expect(() => DateTime.serialize(value)).toThrow('not a date');
});
