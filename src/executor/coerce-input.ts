import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** What is given back instead of a value that is not right, or not of the usual kind: graphql-js is asked, which knows all of them, and the words for each. */
export const UNSURE = Symbol('unsure');

/** A value as a type has it, equal to what graphql-js's `coerceInputValue` gives; or `UNSURE`. May throw what a scalar throws. */
export type Coerce = (value: unknown) => unknown;

/** They are the schema's, and looked into once. */
const known = new WeakMap<GraphQLInputObjectType, Coerce>();

/** Looks at a type once, so that it need not be looked at for each value. */
export function coercionTo(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) return toNonNull(coercionTo(type.ofType));
  if (isListType(type)) return toList(coercionTo(type.ofType));
  if (!isInputObjectType(type)) return toLeaf(type);
  let coerce = known.get(type);
  if (coerce === undefined) {
    coerce = toInputObject(type);
    known.set(type, coerce);
  }
  return coerce;
}

const toNonNull =
  (inner: Coerce): Coerce =>
  (value) =>
    value == null ? UNSURE : inner(value);

const toLeaf =
  (type: GraphQLLeafType): Coerce =>
  (value) => {
    if (value == null) return null;
    // A wrong one is reported elsewhere: `parseValue` looks for similar names, which costs 32 bytes for each character.
    if (isEnumType(type) && (typeof value !== 'string' || type.getValue(value) === undefined)) return UNSURE;
    const parsed = type.parseValue(value);
    return parsed === undefined ? UNSURE : parsed;
  };

function toList(item: Coerce): Coerce {
  return (value) => {
    if (value == null) return null;
    if (!Array.isArray(value)) {
      // What can be walked and is no array, JSON does not have.
      if (typeof value === 'object' && Symbol.iterator in value) return UNSURE;
      const only = item(value);
      return only === UNSURE ? UNSURE : [only];
    }
    const items: unknown[] = [];
    for (const each of value) {
      const coerced = item(each);
      if (coerced === UNSURE) return UNSURE;
      items.push(coerced);
    }
    return items;
  };
}

interface Field {
  readonly name: string;
  readonly coerce: Coerce;
  readonly defaultValue: unknown;
  readonly required: boolean;
}

function toInputObject(type: GraphQLInputObjectType): Coerce {
  const definitions = type.getFields();
  // To set this one on a plain object would be another thing than to have it.
  if (Object.hasOwn(definitions, '__proto__')) return () => UNSURE;
  let fields: readonly Field[] | undefined;
  // When it is first needed: a type may have a field of its own type.
  const look = () =>
    Object.values(definitions).map(({ name, type: fieldType, defaultValue }) => ({
      name,
      coerce: coercionTo(fieldType),
      defaultValue,
      required: isNonNullType(fieldType),
    }));

  return (value) => {
    if (value == null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return UNSURE;
    fields ??= look();
    const given = value as Readonly<Record<string, unknown>>;
    const object: Record<string, unknown> = {};
    for (const { name, coerce, defaultValue, required } of fields) {
      const member = given[name];
      if (member === undefined) {
        if (defaultValue !== undefined) object[name] = defaultValue;
        else if (required) return UNSURE;
        continue;
      }
      const coerced = coerce(member);
      if (coerced === UNSURE) return UNSURE;
      object[name] = coerced;
    }
    // Also what it has inherited, which is none of its members, and so graphql-js's to judge.
    for (const name in given) if (definitions[name] === undefined) return UNSURE;
    return type.isOneOf && !isOne(object) ? UNSURE : object;
  };
}

/** What an input type with `@oneOf` asks of its values. */
export function isOne(object: Readonly<Record<string, unknown>>): boolean {
  const members = Object.values(object);
  return members.length === 1 && members[0] !== null;
}
