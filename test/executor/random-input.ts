import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Decisions } from './random-operation.ts';

/** Values that are right for hardly any type. */
const JUNK: readonly (() => unknown)[] = [
  () => null,
  () => 'GREEM',
  () => 1.5,
  () => 2 ** 40,
  () => true,
  () => [],
  () => [null, 'x', [1]],
  () => ({}),
  () => JSON.parse('{ "__proto__": { "id": "inherited" }, "id": "own" }'),
  () => Object.assign(Object.create({ id: 'inherited', surplus: 1 }), { n: 1 }),
  () => Object.assign(Object.create(null), { id: 'without a prototype' }),
  () => new Set(['a', 'b']),
  () => Number.NaN,
  () => undefined,
  () => '2026-01-01T00:00:00Z',
  () => ({ a: 1, b: null }),
  () => ({ idd: 'almost' }),
];

/** A value for a type: mostly right, with something wrong in about one of `calm`. */
export function randomValue(type: GraphQLInputType, choose: Decisions, calm: number, depth = 4): unknown {
  if (choose.chance(calm)) return JUNK[choose.pick(JUNK.length)]?.();
  if (isNonNullType(type)) return randomValue(type.ofType, choose, calm, depth);
  if (choose.chance(8)) return null;
  if (isListType(type)) {
    if (choose.chance(5)) return randomValue(type.ofType, choose, calm, depth - 1);
    return Array.from({ length: depth > 0 ? choose.pick(4) : 0 }, () =>
      randomValue(type.ofType, choose, calm, depth - 1),
    );
  }
  if (isInputObjectType(type)) {
    const object: Record<string, unknown> = {};
    const fields = Object.values(type.getFields());
    const only = type.isOneOf ? fields[choose.pick(fields.length)] : undefined;
    for (const field of fields) {
      if (only !== undefined && field !== only && !choose.chance(calm)) continue;
      const given = isNonNullType(field.type) || field === only || (depth > 0 && choose.chance(2));
      if (given && !choose.chance(calm)) object[field.name] = randomValue(field.type, choose, calm, depth - 1);
    }
    if (choose.chance(calm)) object['surplus'] = 1;
    if (choose.chance(calm)) Object.defineProperty(object, '__proto__', { value: {}, enumerable: true });
    return object;
  }
  if (isEnumType(type)) return type.getValues()[choose.pick(type.getValues().length)]?.name;
  return rightLeaf(type.name, choose);
}

function rightLeaf(scalar: string, choose: Decisions): unknown {
  switch (scalar) {
    case 'Int':
      return choose.pick(100);
    case 'Float':
      return choose.pick(100) / 4;
    case 'Boolean':
      return choose.chance(2);
    case 'Even':
      return 2 + 2 * choose.pick(10);
    case 'Picky':
      return 'please';
    case 'DateTime':
      return '2026-02-03T04:05:06+01:00';
    case 'ID':
      return choose.chance(2) ? choose.pick(10) : 'id';
    default:
      return ['', 'text', '"quoted"', 'please', '🙂'][choose.pick(5)];
  }
}

/** A literal for a type, with the variables among `names` in it wherever there may be one. */
export function randomLiteral(
  type: GraphQLInputType,
  choose: Decisions,
  calm: number,
  names: readonly string[],
): string {
  const inner = (value: unknown, of: GraphQLInputType): string => {
    if (names.length > 0 && choose.chance(4)) return `$${names[choose.pick(names.length)]}`;
    const bare = isNonNullType(of) ? of.ofType : of;
    if (value === null || value === undefined) return 'null';
    if (Array.isArray(value)) {
      const itemType = isListType(bare) ? bare.ofType : bare;
      return `[${value.map((item) => inner(item, itemType)).join(', ')}]`;
    }
    if (isListType(bare)) return inner(value, bare.ofType);
    if (typeof value === 'object') {
      const fields = isInputObjectType(bare) ? bare.getFields() : {};
      const members = Object.entries(value).map(
        ([name, member]) => `${name}: ${inner(member, fields[name]?.type ?? bare)}`,
      );
      return `{ ${members.join(', ')} }`;
    }
    if (isEnumType(bare) && typeof value === 'string' && /^\w+$/.test(value)) return value;
    return Number.isNaN(value) ? 'NaN' : JSON.stringify(value);
  };
  return inner(randomValue(type, choose, calm), type);
}

/** A type in the words of the language: one of the schema's, in lists and non-null as it comes. */
export function randomType(schema: GraphQLSchema, choose: Decisions): string {
  const inputs = Object.values(schema.getTypeMap()).filter((type) => isInputType(type) && !type.name.startsWith('__'));
  let text = inputs[choose.pick(inputs.length)]?.name ?? 'Int';
  for (let lists = choose.pick(3); lists > 0; lists -= 1) text = `[${text}${choose.chance(2) ? '!' : ''}]`;
  return choose.chance(3) ? `${text}!` : text;
}
