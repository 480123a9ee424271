import {
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

import { type Coerce, coercionTo, UNSURE } from './coerce-input.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The variables of one operation as its definitions have them, or what is wrong with them. */
export type CoerceVariables = (given: Variables) => ReturnType<typeof getVariableValues>;

/** As graphql-js has it when it executes: more wrong variables are not told of. */
const MOST_ERRORS = 50;

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
  const ask: CoerceVariables = (given) => getVariableValues(schema, definitions, given, { maxErrors: MOST_ERRORS });
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
