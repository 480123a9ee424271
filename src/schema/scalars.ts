import { GraphQLScalarType, Kind } from 'graphql';
import { DateTimeResolver, JSONResolver } from 'graphql-scalars';
import { builder } from './builder.ts';
import { badInput } from './ids.ts';

/** The library's scalar, with a message that says what to write instead. */
const DateTime = new GraphQLScalarType<Date, Date>({
  ...DateTimeResolver.toConfig(),
  parseValue: (value) => dateTime(value),
  parseLiteral: (node) => dateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function dateTime(value: unknown): Date {
  try {
    return DateTimeResolver.parseValue(value);
  } catch {
    throw badInput(
      'DateTime',
      `${JSON.stringify(value) ?? 'this'} is not a point in time. Expected is RFC 3339 text with a time zone, such as "2026-01-01T00:00:00Z".`,
    );
  }
}

builder.addScalarType('DateTime', DateTime, {
  description: 'A point in time as RFC 3339 text with a time zone, e.g. `2026-01-01T00:00:00Z`. Answers are in UTC.',
});

builder.addScalarType('JSON', JSONResolver, { description: 'Any JSON value: a policy document, parsed.' });
