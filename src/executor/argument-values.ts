import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  getArgumentValues,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { defaultOf, isOne } from './coerce-variables.ts';
import type { FieldPlan, Run } from './run.ts';

type Variables = Run['variables'];

/** A literal with the variables' values in it; undefined where it is not valid with them. */
type LiteralValue = (variables: Variables) => unknown;

interface Argument {
  readonly name: string;
  /** Undefined where the argument is not given. */
  readonly value: LiteralValue | undefined;
  /** The variable, if the value is one; an argument whose variable has no value is absent. */
  readonly variable: string | undefined;
  readonly defaultValue: unknown;
  readonly required: boolean;
}

/**
 * The values of a field's arguments, as graphql-js's `getArgumentValues` has them: values without variables are
 * computed once. For a wrong argument graphql-js itself is called, which throws its own error.
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
    const compute = failOnce(() => getArgumentValues(definition, node));
    return (variables) => {
      // Wrong arguments are an error of each run.
      known ??= compute(variables);
      return known;
    };
  }
  const compute = failOnce((variables) => getArgumentValues(definition, node, variables));
  // Assigning `__proto__` sets an object's prototype.
  if (args.some(({ name }) => name === '__proto__')) return compute;
  const compiled = args.map((arg): Argument => compile(arg, literals.get(arg.name)));
  return (variables) => valuesOf(compiled, variables) ?? compute(variables);
}

type Compute = (variables: Variables) => Record<string, unknown>;

/** Throws the same error for the same variables: a list can have a field with wrong arguments in each of its items. */
function failOnce(compute: Compute): Compute {
  let failed: { readonly variables: Variables; readonly error: unknown } | undefined;
  return (variables) => {
    if (failed?.variables === variables) throw failed.error;
    try {
      return compute(variables);
    } catch (error) {
      failed = { variables, error };
      throw error;
    }
  };
}

function compile(argument: GraphQLArgument, literal: ValueNode | undefined): Argument {
  const { name, type } = argument;
  return {
    name,
    value: literal && literalValue(literal, type),
    variable: literal?.kind === Kind.VARIABLE ? literal.name.value : undefined,
    defaultValue: defaultOf(argument),
    required: isNonNullType(type),
  };
}

/** Undefined if one of them is wrong. */
function valuesOf(compiled: readonly Argument[], variables: Variables): Record<string, unknown> | undefined {
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

/** graphql-js's `valueFromAST` for one literal of a type: a literal without variables is computed once. */
function literalValue(node: ValueNode, type: GraphQLInputType): LiteralValue {
  if (!usesVariables(node)) return constant(node, type);
  if (node.kind === Kind.VARIABLE) return variableValue(node.name.value, isNonNullType(type));
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return node.kind === Kind.LIST ? listValue(node, inner.ofType) : listOfOne(node, inner.ofType);
  if (isInputObjectType(inner)) return node.kind === Kind.OBJECT ? objectValue(node, inner) : () => undefined;
  return leafValue(node, inner);
}

/** Whether a literal holds a variable anywhere. */
function usesVariables(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return node.values.some(usesVariables);
    case Kind.OBJECT:
      return node.fields.some(({ value }) => usesVariables(value));
    default:
      return false;
  }
}

function constant(node: ValueNode, type: GraphQLInputType): LiteralValue {
  let known: unknown;
  let isKnown = false;
  return () => {
    if (!isKnown) known = valueFromAST(node, type);
    isKnown = true;
    return known;
  };
}

function variableValue(name: string, nonNull: boolean): LiteralValue {
  return (variables) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === null && nonNull ? undefined : value;
  };
}

function leafValue(node: ValueNode, type: GraphQLLeafType): LiteralValue {
  return (variables) => {
    try {
      return type.parseLiteral(node, variables);
    } catch {
      return undefined;
    }
  };
}

function listOfOne(node: ValueNode, itemType: GraphQLInputType): LiteralValue {
  const item = literalValue(node, itemType);
  return (variables) => {
    const value = item(variables);
    return value === undefined ? undefined : [value];
  };
}

function listValue({ values }: ListValueNode, itemType: GraphQLInputType): LiteralValue {
  const items = values.map((node) => ({ node, value: literalValue(node, itemType) }));
  const nonNull = isNonNullType(itemType);
  return (variables) => {
    const list: unknown[] = [];
    for (const { node, value } of items) {
      const item = value(variables);
      // A variable that is missing is null.
      if (item === undefined && (nonNull || !isMissing(node, variables))) return undefined;
      list.push(item === undefined ? null : item);
    }
    return list;
  };
}

function objectValue({ fields: given }: ObjectValueNode, type: GraphQLInputObjectType): LiteralValue {
  const fields = Object.values(type.getFields()).map((field) => {
    const node = given.findLast(({ name }) => name.value === field.name)?.value;
    return {
      name: field.name,
      node,
      value: node && literalValue(node, field.type),
      defaultValue: defaultOf(field),
      required: isNonNullType(field.type),
    };
  });
  return (variables) => {
    const object: Record<string, unknown> = Object.create(null);
    for (const { name, node, value, defaultValue, required } of fields) {
      if (node === undefined || value === undefined || isMissing(node, variables)) {
        if (defaultValue !== undefined) object[name] = defaultValue;
        else if (required) return undefined;
        continue;
      }
      const member = value(variables);
      if (member === undefined) return undefined;
      object[name] = member;
    }
    return type.isOneOf && !isOne(object) ? undefined : object;
  };
}

/** Whether it is a variable that has no value. */
function isMissing(node: ValueNode, variables: Variables): boolean {
  if (node.kind !== Kind.VARIABLE) return false;
  const name = node.name.value;
  return !Object.hasOwn(variables, name) || variables[name] === undefined;
}
