import { type FieldNode, type GraphQLField, getArgumentValues, isNonNullType, Kind, type ValueNode } from 'graphql';
import type { FieldPlan } from './field-plan.ts';
import { type LiteralValue, literalValue, usesVariables } from './literal-value.ts';
import type { Run } from './run.ts';

interface Argument {
  readonly name: string;
  /** Undefined where it is not given. */
  readonly value: LiteralValue | undefined;
  /** The variable that it is as a whole: one that is not there counts as an argument that is not given. */
  readonly variable: string | undefined;
  readonly defaultValue: unknown;
  readonly required: boolean;
}

/**
 * The values of a field's arguments, as graphql-js's `getArgumentValues` has them: what holds no variable is worked out once. Where an argument is wrong,
 * graphql-js is asked itself, which throws its own error.
 */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  [node]: readonly FieldNode[],
): FieldPlan['arguments'] {
  const { args } = definition;
  if (node === undefined || args.length === 0) return undefined;
  const literals = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  if (![...literals.values()].some(usesVariables)) {
    let known: Record<string, unknown> | undefined;
    const ask = askOnce(() => getArgumentValues(definition, node));
    return (variables) => {
      // Wrong arguments are an error of each run.
      known ??= ask(variables);
      return known;
    };
  }
  const ask = askOnce((variables) => getArgumentValues(definition, node, variables));
  // To set this one on a plain object would be another thing than to have it.
  if (args.some(({ name }) => name === '__proto__')) return ask;
  const compiled = args.map((arg): Argument => compile(arg, literals.get(arg.name)));
  return (variables) => valuesOf(compiled, variables) ?? ask(variables);
}

type Ask = (variables: Run['variables']) => Record<string, unknown>;

/** Throws the same error for the same variables: a list can have a field with wrong arguments in each of its items. */
function askOnce(ask: Ask): Ask {
  let failed: { readonly variables: Run['variables']; readonly error: unknown } | undefined;
  return (variables) => {
    if (failed?.variables === variables) throw failed.error;
    try {
      return ask(variables);
    } catch (error) {
      failed = { variables, error };
      throw error;
    }
  };
}

function compile(
  { name, type, defaultValue }: GraphQLField<unknown, unknown>['args'][number],
  literal: ValueNode | undefined,
): Argument {
  return {
    name,
    value: literal && literalValue(literal, type),
    variable: literal?.kind === Kind.VARIABLE ? literal.name.value : undefined,
    defaultValue,
    required: isNonNullType(type),
  };
}

/** Undefined where one is wrong. */
function valuesOf(compiled: readonly Argument[], variables: Run['variables']): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  for (const { name, value, variable, defaultValue, required } of compiled) {
    if (value === undefined || (variable !== undefined && !Object.hasOwn(variables, variable))) {
      if (defaultValue !== undefined) values[name] = defaultValue;
      else if (required) return undefined;
      continue;
    }
    const given = value(variables);
    if (given === undefined) return undefined;
    values[name] = given;
  }
  return values;
}
