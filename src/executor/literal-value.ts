import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { isOne } from './coerce-input.ts';
import type { Run } from './run.ts';

type Variables = Run['variables'];

/** A literal with the variables' values in it; undefined where it is not valid with them. */
export type LiteralValue = (variables: Variables) => unknown;

/** graphql-js's `valueFromAST` for one literal of a type: what holds no variable is worked out once. */
export function literalValue(node: ValueNode, type: GraphQLInputType): LiteralValue {
  if (!usesVariables(node)) return constant(node, type);
  if (node.kind === Kind.VARIABLE) return variableValue(node.name.value, isNonNullType(type));
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return node.kind === Kind.LIST ? listValue(node, inner.ofType) : listOfOne(node, inner.ofType);
  if (isInputObjectType(inner)) return node.kind === Kind.OBJECT ? objectValue(node, inner) : () => undefined;
  return leafValue(node, inner);
}

/** Whether a literal holds a variable anywhere. */
export function usesVariables(node: ValueNode): boolean {
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

/** Worked out when it is first asked for. */
function constant(node: ValueNode, type: GraphQLInputType): LiteralValue {
  let known: unknown;
  let looked = false;
  return () => {
    if (!looked) known = valueFromAST(node, type);
    looked = true;
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
  const fields = Object.values(type.getFields()).map(({ name, type: fieldType, defaultValue }) => {
    const node = given.findLast((field) => field.name.value === name)?.value;
    return {
      name,
      node,
      value: node && literalValue(node, fieldType),
      defaultValue,
      required: isNonNullType(fieldType),
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
