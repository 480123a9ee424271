import fc from 'fast-check';
import { buildSchema, coerceInputValue, type GraphQLInputType } from 'graphql';
import { expect, test } from 'vitest';
import { clipNames } from '../../../src/pipeline/documents/report-variables.ts';

const schema = buildSchema(`
  enum Color { RED GREEN }
  input Filter { name: String colors: [Color!] nested: Filter list: [[Filter]] ${'x'.repeat(90)}: Int }
  type Query { field(filter: Filter, color: Color): Int }
`);

const name = fc.oneof(
  fc.constantFrom('name', 'colors', 'nested', 'list', '__proto__', 'constructor', 'x'.repeat(90)),
  fc.string({ maxLength: 5 }),
  fc.constant('n'.repeat(5_000)),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, 1, true, 'RED', 'GREEN', 'PURPLE', 'R'.repeat(5_000), 'a text '.repeat(1_000)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));

function coerce(given: unknown, type: GraphQLInputType) {
  const places: unknown[] = [];
  const coerced: unknown = coerceInputValue(given, type, (path) =>
    places.push(path.map((key) => String(key).slice(0, 1_000))),
  );
  return { places, coerced: places.length === 0 ? coerced : undefined };
}

test('cutting names changes neither the paths of errors nor coerced values', () => {
  fc.assert(
    fc.property(fc.constantFrom('Filter', 'Color'), value, (typeName, given) => {
      const type = schema.getType(typeName) as GraphQLInputType;
      expect(coerce(clipNames(given, type), type)).toEqual(coerce(given, type));
    }),
    { numRuns: 1_000 },
  );
});

test('cuts long member names and enum values, but no strings', () => {
  const type = schema.getType('Filter') as GraphQLInputType;
  const long = 'y'.repeat(5_000);
  expect(clipNames({ [long]: 1, name: long, colors: [long], nested: { colors: long } }, type)).toEqual({
    [long.slice(0, 1_000)]: 1,
    name: long,
    colors: [long.slice(0, 1_000)],
    nested: { colors: long.slice(0, 1_000) },
  });
});
