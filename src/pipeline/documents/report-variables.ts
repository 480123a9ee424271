import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { coerceWithGraphqlJs, MAX_VARIABLE_ERRORS, type ReportVariables } from '../../executor/index.ts';
import { quoted, shortened } from '../../schema/quoted.ts';
import { weightOf } from '../json-weight.ts';

/** Of all variables, in bytes. graphql-js quotes an object as a whole for each of its wrong members. */
const MAX_QUOTED_WHOLE = 65_536;
/** In characters. */
const MAX_REASON = 500;
/** In characters: more than any enum value or input field has. */
const MAX_NAME = 1_000;

/** graphql-js's `getVariableValues`; of large variables, errors quote only the beginning of a wrong value. */
export const reportVariables: ReportVariables = (schema, definitions, given) =>
  weightOf(given, MAX_QUOTED_WHOLE) > MAX_QUOTED_WHOLE
    ? coerceLarge(schema, definitions, given)
    : coerceWithGraphqlJs(schema, definitions, given);

function coerceLarge(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Readonly<Record<string, unknown>>,
): ReturnType<ReportVariables> {
  const coerced: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    // An absent value and a type that is no input type make short errors, which are graphql-js's.
    if (!isInputType(type) || !Object.hasOwn(given, name) || given[name] === null) {
      const alone = Object.hasOwn(given, name) ? { [name]: given[name] } : {};
      const found = getVariableValues(schema, [definition], isInputType(type) ? alone : {});
      if (found.errors) errors.push(...found.errors);
      else Object.assign(coerced, found.coerced);
    } else {
      try {
        coerced[name] = coerceInputValue(clipNames(given[name], type), type, errorCollector(definition, errors));
      } catch (error) {
        if (!(error instanceof TooManyErrors)) throw error;
      }
    }
    if (errors.length >= MAX_VARIABLE_ERRORS)
      return { errors: [...errors.slice(0, MAX_VARIABLE_ERRORS), tooManyErrors()] };
  }
  return errors.length > 0 ? { errors } : { coerced };
}

/** Ends the coercion of a variable. */
class TooManyErrors extends Error {}

const tooManyErrors = () =>
  new GraphQLError('Too many errors processing variables, error limit reached. Execution aborted.');

function errorCollector(
  definition: VariableDefinitionNode,
  errors: GraphQLError[],
): Parameters<typeof coerceInputValue>[2] {
  const name = definition.variable.name.value;
  // An object with many wrong members is quoted for each of them.
  let last: { readonly value: unknown; readonly text: string } | undefined;
  return (path, value, error) => {
    if (errors.length >= MAX_VARIABLE_ERRORS) throw new TooManyErrors();
    if (last?.value !== value) last = { value, text: quoted(value) };
    const keys = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
    const place = keys.length > 0 ? ` at "${name}${keys.join('')}"` : '';
    const message = `Variable "$${name}" got invalid value ${last?.text}${place}; ${shortened(error.message, MAX_REASON)}`;
    errors.push(new GraphQLError(message, { nodes: definition, originalError: error }));
  };
}

/**
 * A client's value with its names cut: those of members, and strings where an enum value is expected. A cut name is as
 * wrong as before, and graphql-js looks for similar names to propose, which takes 32 bytes for each of its characters.
 */
export function clipNames(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return clipNames(value, type.ofType);
  if (isListType(type))
    return Array.isArray(value) ? value.map((item) => clipNames(item, type.ofType)) : clipNames(value, type.ofType);
  if (isEnumType(type)) return typeof value === 'string' ? value.slice(0, MAX_NAME) : value;
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = type.getFields();
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name.slice(0, MAX_NAME), field === undefined ? member : clipNames(member, field.type)];
  });
  return Object.fromEntries(members);
}
