import { GraphQLScalarType } from 'graphql';
import { builder } from './builder.ts';
import { DateTime } from './date-time.ts';

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
