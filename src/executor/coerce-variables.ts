import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

// Not of the package's own index, and so of version 16 only: how graphql-js's messages print a path.
import { printPathArray } from 'graphql/jsutils/printPathArray.js';
import { clipInput } from './clip-input.ts';
import { type Coerce, coercionTo, UNSURE } from './coerce-input.ts';
import { quoted, shortened } from './quoted.ts';
import { weightOf } from './weight.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The variables of one operation as its definitions have them, or what is wrong with them. */
export type CoerceVariables = (given: Variables) => ReturnType<typeof getVariableValues>;

/** As graphql-js has it when it executes: more wrong variables are not reported. */
const MOST_ERRORS = 50;
/** Of all variables, in bytes of memory. graphql-js quotes wrong values as a whole, an object again for each of its members that is wrong. */
const MAX_QUOTED_WHOLE = 65_536;

const NO_VARIABLES = { coerced: {} };

interface Variable {
  readonly name: string;
  readonly coerce: Coerce;
  /** Its value where it is not given; `UNSURE` where it has to be. Undefined where it may be left out. */
  readonly default: (() => unknown) | undefined;
}

/**
 * graphql-js's `getVariableValues` with what it finds out of the definitions found out once. Only variables that are right are coerced here; for all
 * others it is asked itself, so that its errors are its own. A scalar is then asked twice.
 */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  if (definitions.length === 0) return () => NO_VARIABLES;
  const ask: CoerceVariables = (given) =>
    weightOf(given, MAX_QUOTED_WHOLE) > MAX_QUOTED_WHOLE
      ? coerceLarge(schema, definitions, given)
      : getVariableValues(schema, definitions, given, { maxErrors: MOST_ERRORS });
  const variables: Variable[] = [];
  for (const definition of definitions) {
    const variable = look(schema, definition);
    if (variable === undefined) return ask;
    variables.push(variable);
  }
  return (given) => {
    const coerced = coerceAll(variables, given);
    return coerced === undefined ? ask(given) : { coerced };
  };
}

/** Undefined for one that is left to graphql-js whatever its value. */
function look(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode) {
  const name = variable.name.value;
  const type = typeFromAST(schema, node);
  if (!isInputType(type) || name === '__proto__') return undefined;
  if (defaultValue === undefined)
    return { name, coerce: coercionTo(type), default: isNonNullType(type) ? () => UNSURE : undefined };
  let known: { readonly value: unknown } | undefined;
  return {
    name,
    coerce: coercionTo(type),
    default: () => {
      if (known !== undefined) return known.value;
      const value: unknown = valueFromAST(defaultValue, type);
      // What could be changed is made anew for each, as graphql-js does.
      if (typeof value !== 'object' || value === null) known = { value };
      return value;
    },
  };
}

function coerceAll(variables: readonly Variable[], given: Variables): Record<string, unknown> | undefined {
  const all: Record<string, unknown> = {};
  try {
    for (const variable of variables) {
      const { name } = variable;
      let value: unknown;
      if (Object.hasOwn(given, name)) value = variable.coerce(given[name]);
      else if (variable.default === undefined) continue;
      else value = variable.default();
      if (value === UNSURE) return undefined;
      all[name] = value;
    }
    return all;
  } catch {
    return undefined;
  }
}

/** graphql-js's `getVariableValues` for large variables: its errors quote the beginning of a wrong value. */
function coerceLarge(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Variables,
): ReturnType<CoerceVariables> {
  const coerced: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    // What is missing or of no input type is small, and graphql-js's to judge.
    if (!isInputType(type) || !Object.hasOwn(given, name) || given[name] === null) {
      const alone = Object.hasOwn(given, name) ? { [name]: given[name] } : {};
      const found = getVariableValues(schema, [definition], isInputType(type) ? alone : {});
      if (found.errors) errors.push(...found.errors);
      else Object.assign(coerced, found.coerced);
    } else {
      const report = createReport(definition, errors);
      try {
        coerced[name] = coerceInputValue(clipInput(given[name], type), type, report);
      } catch (error) {
        if (!(error instanceof TooManyErrors)) throw error;
      }
    }
    if (errors.length >= MOST_ERRORS) return { errors: [...errors.slice(0, MOST_ERRORS), tooManyErrors()] };
  }
  return errors.length > 0 ? { errors } : { coerced };
}

/** Ends the coercion of a variable. */
class TooManyErrors extends Error {}

const tooManyErrors = () =>
  new GraphQLError('Too many errors processing variables, error limit reached. Execution aborted.');

function createReport(
  definition: VariableDefinitionNode,
  errors: GraphQLError[],
): Parameters<typeof coerceInputValue>[2] {
  const name = definition.variable.name.value;
  // An object with many wrong members is quoted for each of them.
  let last: { readonly value: unknown; readonly text: string } | undefined;
  return (path, value, error) => {
    if (errors.length >= MOST_ERRORS) throw new TooManyErrors();
    if (last?.value !== value) last = { value, text: quoted(value) };
    const place = path.length > 0 ? ` at "${name}${printPathArray(path)}"` : '';
    const message = `Variable "$${name}" got invalid value ${last?.text}${place}; ${shortened(error.message, MAX_REASON)}`;
    errors.push(new GraphQLError(message, { nodes: definition, originalError: error }));
  };
}

/** In characters. */
const MAX_REASON = 500;
