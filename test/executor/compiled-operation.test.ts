import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { buildSchema, execute, NoUnusedVariablesRule, parse, specifiedRules, validate } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExecutor, type PreparedOperation } from '../../src/executor/index.ts';
import { runs } from '../support/runs.ts';
import { moodySchema } from './moody-schema.ts';
import { decisions, randomOperation } from './random-operation.ts';

/** graphql-js 16 leaves rejections unhandled where an item of a list may not be null. The executor must not: they would end the process. */
let unhandled = 0;
const count = () => {
  unhandled += 1;
};
let others: NodeJS.UnhandledRejectionListener[] = [];
beforeEach(() => {
  others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', count);
});
afterEach(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
});

const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

interface Located {
  readonly path?: readonly (string | number)[] | undefined;
}

/**
 * The errors by the place that is null for them, as text if the field itself is null. Where a field around it had to be null, it depends on when each promise
 * settled which of several errors was first and which later ones were reported.
 */
function errorsByNull(data: unknown, errors: readonly Located[] = []): Record<string, unknown> {
  const places: Record<string, unknown> = {};
  for (const error of errors) {
    const { path = [] } = error;
    let depth = 0;
    let value = data;
    while (depth < path.length && typeof value === 'object' && value !== null) {
      value = (value as Record<string | number, unknown>)[path[depth] as string];
      depth += 1;
    }
    const place = path.slice(0, depth).join('.');
    places[place] = depth === path.length ? JSON.stringify(error) : 'null for a field below it';
  }
  return places;
}

const cases = [
  fc.nat(),
  fc.constantFrom(100, 97, 85, 50),
  fc.constantFrom('query' as const, 'mutation' as const),
  fc.record({ n: fc.nat(5), yes: fc.boolean(), no: fc.boolean() }, { requiredKeys: [] }),
] as const;

test.each(['atOnce', 'mixed'] as const)(
  'a compiled operation has exactly graphql-js’s result: data, field order and errors (resolvers that return %s)',
  async (speed) => {
    let withErrors = 0;
    let large = 0;
    await fc.assert(
      fc.asyncProperty(decisions, ...cases, async (choose, seed, calm, kind, variableValues) => {
        const schema = moodySchema(seed, calm, speed);
        const document = parse(randomOperation(schema, kind, choose));
        expect(validate(schema, document, rules)).toEqual([]);
        const compiled = createExecutor(schema).prepare(document).operation(undefined) as PreparedOperation;
        const { coerced = {} } = compiled.coerceVariables(variableValues);

        const expected = await execute({ schema, document, variableValues, contextValue: {} });
        await setImmediate();
        unhandled = 0;
        // Twice: what is kept from one run must not show in the next.
        for (let turn = 0; turn < 2; turn += 1) {
          const args = { rootValue: undefined, context: {}, variables: coerced };
          const { text, data, errors } = await compiled.run(args);
          expect(text).toBe(JSON.stringify(expected.data));
          if (speed === 'atOnce')
            expect(errors?.map((error) => error.toJSON())).toEqual(expected.errors?.map((error) => error.toJSON()));
          else expect(errorsByNull(data, errors)).toEqual(errorsByNull(expected.data, expected.errors));
        }
        await setImmediate();
        expect(unhandled).toBe(0);
        if (expected.errors) withErrors += 1;
        if (JSON.stringify(expected.data).length > 40) large += 1;
      }),
      { numRuns: runs(600) },
    );
    // The cases are such as can tell a difference.
    expect(withErrors).toBeGreaterThan(runs(600) / 10);
    expect(large).toBeGreaterThan(runs(600) / 10);
  },
);

test('a null variable in `@include` is an error, whatever ran before', async () => {
  const schema = buildSchema('type Query { a: String, b: String }');
  const document = parse('query ($yes: Boolean = true) { a b @include(if: $yes) }');
  const compiled = createExecutor(schema).prepare(document).operation(undefined) as PreparedOperation;
  for (const variables of [{ yes: false }, { yes: null }, { yes: true }, { yes: null }]) {
    const args = { rootValue: undefined, context: {}, variables };
    const { data, errors } = await compiled.run(args);
    const expected = await execute({ schema, document, variableValues: variables });
    expect([data, errors]).toEqual([expected.data ?? null, expected.errors]);
  }
});
