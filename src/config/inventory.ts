import { z } from 'zod';
import { positiveMilliseconds, text } from './values.ts';

/** Timers take at most 2^31 - 1 ms, and older data is of little use. */
const WEEK_MS = 604_800_000;
const age = positiveMilliseconds.max(WEEK_MS);

const copy = z.strictObject({
  principal: text.meta({
    examples: ['payer'],
    description: 'The principal whose organization is copied. The account must be allowed to list the organization.',
  }),
  maxAgeMs: age.default(900_000).meta({ unit: 'ms', description: 'Each list is read again after this time.' }),
  tagsMaxAgeMs: age.default(3_600_000).meta({
    unit: 'ms',
    description: 'Tags are read again after this time. They take one call for each resource.',
  }),
  budgetShare: z.number().gt(0).max(1).default(0.3).meta({
    description:
      "The share of each operation's rate that reading the copy may use. Together with `watch.budgetShare` at most 1.",
  }),
  tags: z.boolean().default(true).meta({ description: 'Copies the tags of all resources.' }),
  policyContents: z
    .boolean()
    .default(true)
    .meta({ description: 'Copies the contents of policies, with one call for each.' }),
});

export const inventory = z
  .array(copy)
  .default([])
  .meta({
    examples: ['[{ principal: payer }]'],
    description:
      'Principals whose organization is kept in memory, so that operations that accept older data need no call to AWS ' +
      '(docs/cost.md).',
  });
