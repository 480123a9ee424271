import fc from 'fast-check';
import { parse, print, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createValidator } from '../../../src/pipeline/documents/validate-document.ts';
import { moodySchema } from '../../executor/moody-schema.ts';
import { decisions, randomOperation } from '../../executor/random-operation.ts';
import { runs } from '../../support/runs.ts';
import { broken } from './broken-document.ts';

const schema = moodySchema(1, 100, 'atOnce');
const validator = createValidator(schema, specifiedRules);

test('validates documents as graphql-js does, with the same messages in the same order', () => {
  let wrong = 0;
  fc.assert(
    fc.property(
      decisions,
      fc.constantFrom('query' as const, 'mutation' as const),
      fc.integer({ min: 1, max: 40 }),
      (choose, kind, every) => {
        const document = parse(print(broken(parse(randomOperation(schema, kind, choose)), every)));
        const expected = validate(schema, document).map((error) => error.toJSON());
        expect(validator(document).map((error) => error.toJSON())).toEqual(expected);
        if (expected.length > 0) wrong += 1;
      },
    ),
    { numRuns: runs(600) },
  );
  expect(wrong).toBeGreaterThan(runs(600) / 6);
});

test('reports a hundred errors of a document that has more, as graphql-js does', () => {
  const document = parse(`{ ${Array.from({ length: 150 }, (_, n) => `nothing${n}`).join(' ')} }`);
  const expected = validate(schema, document).map(({ message }) => message);
  expect(expected).toHaveLength(101);
  expect(validator(document).map(({ message }) => message)).toEqual(expected);
});

test('a rule that aborts has graphql-js’s own errors', () => {
  const document = parse(`{ ${'__typename '.repeat(1_000)} }`);
  const expected = validate(schema, document).map(({ message }) => message);
  expect(expected).toEqual(['Validation aborted.']);
  expect(validator(document).map(({ message }) => message)).toEqual(expected);
});
