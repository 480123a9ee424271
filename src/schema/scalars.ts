import { DateTimeResolver, JSONResolver } from 'graphql-scalars';
import { builder } from './builder.ts';

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A point in time as RFC 3339 text with a time zone, e.g. `2026-01-01T00:00:00Z`. Answers are in UTC.',
});

builder.addScalarType('JSON', JSONResolver, { description: 'Any JSON value: a policy document, parsed.' });
