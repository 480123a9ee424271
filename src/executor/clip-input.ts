import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';

/** In characters: more than any enum value or input field has. */
const MAX_NAME = 1_000;

/**
 * A client's value with its names cut: those of members, and strings where an enum value is expected. A name that is cut is as wrong as before, and graphql-js looks for similar
 * ones to propose, which takes 32 bytes for each of its characters.
 */
export function clipInput(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return clipInput(value, type.ofType);
  if (isListType(type))
    return Array.isArray(value) ? value.map((item) => clipInput(item, type.ofType)) : clipInput(value, type.ofType);
  if (isEnumType(type)) return typeof value === 'string' ? value.slice(0, MAX_NAME) : value;
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = type.getFields();
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name.slice(0, MAX_NAME), field === undefined ? member : clipInput(member, field.type)];
  });
  return Object.fromEntries(members);
}
