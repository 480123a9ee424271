import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface RandomQueryOptions {
  /** Objects within objects, at most. */
  readonly depth: number;
  /** Fields of one object, at most. */
  readonly breadth: number;
  readonly maxFirst: number;
  /** Ids to choose from, by the name of the argument's field; `''` for all others. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

/** A valid query that asks for whatever the schema has. */
export function randomQuery(g: GeneratorValue, schema: GraphQLSchema, options: RandomQueryOptions): string {
  const query = schema.getQueryType();
  if (!query) throw new Error('no queries');
  let aliases = 0;

  function selection(type: GraphQLCompositeType, depth: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '{ __typename }';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    const picked = some(
      fields.map(({ name }) => name),
      options.breadth,
    );
    const selected = fields.flatMap((field) => {
      if (!picked.includes(field.name)) return [];
      const given = field.args.flatMap((arg) => argument(field.name, arg));
      const inner = getNamedType(field.type);
      aliases += 1;
      // Fields of different types may differ in their arguments, so none shares its name with another.
      return `a${aliases}: ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${isCompositeType(inner) ? ` ${selection(inner, depth - 1)}` : ''}`;
    });
    if (isInterfaceType(type) && depth > 0) {
      const possible = schema.getPossibleTypes(type);
      const narrowed = possible[g(fc.nat, { max: possible.length - 1 })];
      if (narrowed) selected.push(`... on ${narrowed.name} ${selection(narrowed, depth - 1)}`);
    }
    return `{ ${['__typename', ...selected].join(' ')} }`;
  }

  const some = (names: string[], most: number): readonly string[] =>
    names.length === 0 ? [] : g(fc.subarray, names, { minLength: 1, maxLength: Math.min(most, names.length) });

  function argument(field: string, { name, type }: GraphQLArgument): readonly string[] {
    const named = getNamedType(type);
    const ids = options.ids[field] ?? options.ids[''] ?? [];
    if (name === 'first') return [`first: ${g(fc.integer, { min: 1, max: options.maxFirst })}`];
    if (name === 'ids') return [`ids: ${JSON.stringify(g(fc.subarray, [...ids]))}`];
    if (name === 'id' && (isNonNullType(type) || g(fc.boolean)))
      return [`id: ${JSON.stringify(g(fc.constantFrom, ...ids))}`];
    if (isEnumType(named) && isNonNullType(type)) {
      return [`${name}: ${g(fc.constantFrom, ...named.getValues().map((value) => value.name))}`];
    }
    return [];
  }

  return `query ${selection(query, options.depth)}`;
}
