import { GraphQLScalarType, Kind } from 'graphql';
import { builder } from './builder.ts';
import { badInput } from './ids.ts';
import { quoted } from './quoted.ts';

/** RFC 3339, section 5.6: day, time and zone. Leap seconds are left out, as `Date` has none. */
const RFC_3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The moment that a text of RFC 3339 names; undefined for all else, and for a day that its month does not have. */
export function parseDateTime(value: unknown): Date | undefined {
  const text = typeof value === 'string' ? value.toUpperCase() : '';
  const [, day] = RFC_3339.exec(text) ?? [];
  // Date takes the 31st of June for the 1st of July.
  if (day === undefined || !new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return undefined;
  return new Date(text);
}

function dateTime(value: unknown): Date {
  const moment = parseDateTime(value);
  if (moment !== undefined) return moment;
  throw badInput(
    'DateTime',
    `${value === undefined ? 'this' : quoted(value)} is not a point in time. Expected is RFC 3339 text with a time zone, such as "2026-01-01T00:00:00Z".`,
  );
}

/** `DateTime`, before Pothos wraps it. */
export const DateTime = new GraphQLScalarType<Date, Date>({
  name: 'DateTime',
  /** Stays a `Date`, which becomes text in UTC where the answer is written. */
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
    throw new TypeError(`not a date: ${String(value)}`);
  },
  parseValue: dateTime,
  parseLiteral: (node) => dateTime(node.kind === Kind.STRING ? node.value : undefined),
  // What code generators go by.
  extensions: { codegenScalarType: 'Date | string', jsonSchema: { type: 'string', format: 'date-time' } },
});

builder.addScalarType('DateTime', DateTime, {
  description: 'A point in time as RFC 3339 text with a time zone, e.g. `2026-01-01T00:00:00Z`. Answers are in UTC.',
});

const JsonValue = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  specifiedByURL: 'http://www.ecma-international.org/publications/files/ECMA-ST/ECMA-404.pdf',
  serialize: (value) => value,
  extensions: { codegenScalarType: 'any' },
});

builder.addScalarType('JSON', JsonValue, { description: 'Any JSON value: a policy document, parsed.' });
