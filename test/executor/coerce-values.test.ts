import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  parseType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { argumentsOf } from '../../src/executor/argument-values.ts';
import { compileVariables } from '../../src/executor/coerce-variables.ts';
import { coerceWithGraphqlJs } from '../../src/executor/index.ts';
import { schema as ownSchema } from '../../src/schema/index.ts';
import { runs } from '../support/runs.ts';
import { cornerSchema } from './corner-schema.ts';
import { randomLiteral, randomType, randomValue } from './random-input.ts';
import { type Decisions, decisions } from './random-operation.ts';

const KINDS = new Map<unknown, string>([
  [null, 'none'],
  [Object.prototype, 'object'],
  [Array.prototype, 'array'],
]);

/** All observable properties of a value: prototypes, members in order, undefined and missing members, and the messages and positions of errors. */
function picture(value: unknown): unknown {
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof GraphQLError) {
    const { message, path, locations, extensions, originalError } = value;
    return {
      message,
      path,
      locations,
      extensions: { ...extensions },
      original: originalError && picture(originalError),
    };
  }
  if (value instanceof Error) return { error: value.constructor.name, message: value.message };
  if (typeof value !== 'object' || value === null) return Object.is(value, undefined) ? 'undefined' : { leaf: value };
  const prototype: unknown = Object.getPrototypeOf(value);
  const kind = KINDS.get(prototype);
  // A class's prototype, which is what a value inherits as its `__proto__`, has members that cannot be read.
  const isPrototype = typeof Object.getOwnPropertyDescriptor(value, 'constructor')?.value === 'function';
  if (kind === undefined || isPrototype) return { other: inspect(value) };
  return { kind, members: Reflect.ownKeys(value).map((key) => [key, picture(Reflect.get(value, key))]) };
}

const outcome = (run: () => unknown): unknown => {
  try {
    return picture(run());
  } catch (error) {
    return { thrown: picture(error) };
  }
};

const definitionsOf = (text: string): readonly VariableDefinitionNode[] =>
  (parse(`query (${text}) { __typename }`).definitions[0] as OperationDefinitionNode).variableDefinitions ?? [];

/** Some variables: how they are defined, and what is sent for them. */
function randomVariables(schema: GraphQLSchema, choose: Decisions, calm: number) {
  const names = ['a', 'b', 'constructor', '__proto__'].slice(0, 1 + choose.pick(4));
  const given = {};
  const definitions = names.map((name) => {
    const type = randomType(schema, choose);
    const typed = typeFromAST(schema, parseType(type) as never) as GraphQLInputType;
    const value = randomValue(typed, choose, calm);
    if (!choose.chance(4)) Object.defineProperty(given, name, { value, enumerable: true });
    return `$${name}: ${type}${choose.chance(3) ? ` = ${randomLiteral(typed, choose, calm, [])}` : ''}`;
  });
  if (choose.chance(5)) Object.assign(given, { surplus: 1 });
  return { definitions: definitionsOf(definitions.join(', ')), given };
}

const calmness = fc.constantFrom(997, 60, 20, 6);

describe.each([
  ['orgql', () => ownSchema],
  ['corners', cornerSchema],
] as const)('with the schema of %s', (_name, schemaOf) => {
  const schema = schemaOf();

  test('coerces variables exactly as graphql-js does: values, prototypes, member order and errors', () => {
    let right = 0;
    let wrong = 0;
    fc.assert(
      fc.property(decisions, calmness, (choose, calm) => {
        const { definitions, given } = randomVariables(schema, choose, calm);
        const coerce = compileVariables(schema, definitions, coerceWithGraphqlJs);
        const expected = getVariableValues(schema, definitions, given, { maxErrors: 50 });
        if (expected.errors) wrong += 1;
        else right += 1;
        // Twice: what is kept of the first run must be the same in the second.
        expect(picture(coerce(given))).toEqual(picture(expected));
        expect(picture(coerce(given))).toEqual(picture(expected));
      }),
      { numRuns: runs(1_500) },
    );
    expect(Math.min(right, wrong)).toBeGreaterThan(runs(1_500) / 10);
  });

  test('arguments have exactly graphql-js’s values or errors', () => {
    const fields = ['Query', 'Mutation', 'Subscription']
      .flatMap((name) =>
        Object.values((schema.getType(name) as { getFields?(): object } | undefined)?.getFields?.() ?? {}),
      )
      .filter(({ args }: GraphQLField<unknown, unknown>) => args.length > 0) as GraphQLField<unknown, unknown>[];
    let right = 0;
    let wrong = 0;
    fc.assert(
      fc.property(decisions, calmness, (choose, calm) => {
        const field = fields[choose.pick(fields.length)] as GraphQLField<unknown, unknown>;
        const names = ['v', 'w', 'constructor', '__proto__'];
        const given = field.args.flatMap(({ name, type }) =>
          choose.chance(6) ? [] : [`${name}: ${randomLiteral(type, choose, calm, choose.chance(5) ? [] : names)}`],
        );
        const text = given.length > 0 ? `{ ${field.name}(${given.join(', ')}) }` : `{ ${field.name} }`;
        const [operation] = parse(text).definitions as [OperationDefinitionNode];
        const node = operation.selectionSet.selections[0] as FieldNode;
        const compiled = argumentsOf(field, [node]);
        for (let run = 0; run < 3; run += 1) {
          const variables = {};
          for (const name of names) {
            const { type } = field.args[choose.pick(field.args.length)] as (typeof field.args)[number];
            const value = randomValue(type, choose, calm);
            if (!choose.chance(4)) Object.defineProperty(variables, name, { value, enumerable: true });
          }
          const expected = outcome(() => getArgumentValues(field, node, variables));
          if (Object.hasOwn(expected as object, 'thrown')) wrong += 1;
          else right += 1;
          expect(outcome(() => compiled?.(variables))).toEqual(expected);
        }
      }),
      { numRuns: runs(1_000) },
    );
    expect(Math.min(right, wrong)).toBeGreaterThan(0.15 * runs(1_000));
  });
});

describe('coercion', () => {
  const schema = cornerSchema();

  test('reports at most 50 errors', () => {
    const definitions = definitionsOf('$a: [Int!], $b: [Tree]');
    const given = { a: Array(40).fill('x'), b: Array(40).fill({ leaf: { id: 'x', m: 1 } }) };
    const { errors } = compileVariables(schema, definitions, coerceWithGraphqlJs)(given);
    expect(errors?.map(({ message }) => message)).toHaveLength(51);
    expect(picture({ errors })).toEqual(picture(getVariableValues(schema, definitions, given, { maxErrors: 50 })));
  });

  test('a type that is not an input type has graphql-js’s error', () => {
    const definitions = definitionsOf('$a: Query, $b: Unheard');
    const coerce = compileVariables(schema, definitions, coerceWithGraphqlJs);
    expect(picture(coerce({ a: 1 }))).toEqual(picture(getVariableValues(schema, definitions, { a: 1 }, {})));
  });

  test('a valid scalar is parsed once', () => {
    const { parseValue } = schema.getType('Even') as { parseValue(value: unknown): unknown };
    const asked: unknown[] = [];
    Object.assign(schema.getType('Even') as object, {
      parseValue(value: unknown) {
        asked.push(value);
        return parseValue(value);
      },
    });
    compileVariables(
      schema,
      definitionsOf('$tree: Tree!'),
      coerceWithGraphqlJs,
    )({ tree: { leaf: { id: 1 }, even: 2, child: { leaf: { id: 2 }, even: 4 } } });
    expect(asked).toEqual([4, 2]);
  });

  test('a mutable default is created anew for each operation', () => {
    const coerce = compileVariables(schema, definitionsOf('$leaf: Leaf = { id: "x" }'), coerceWithGraphqlJs);
    const [first, second] = [coerce({}).coerced, coerce({}).coerced];
    expect(first).toEqual(second);
    expect(first?.['leaf']).not.toBe(second?.['leaf']);
  });
});
