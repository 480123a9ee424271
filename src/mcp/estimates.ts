import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
} from 'graphql';
import type { ToolDocument } from './read-documents.ts';

/** Values for the variables of an operation that has to have some, to estimate its cost without a call of a client. */
export function sampleVariables(
  schema: GraphQLSchema,
  { definition }: ToolDocument,
): Readonly<Record<string, unknown>> {
  const variables: Record<string, unknown> = {};
  for (const { variable, type: node, defaultValue } of definition.variableDefinitions ?? []) {
    const type = typeFromAST(schema, node);
    if (isInputType(type) && isNonNullType(type) && defaultValue === undefined)
      variables[variable.name.value] = sampleOf(type.ofType);
  }
  return variables;
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  // The default size of a page.
  Int: 20,
  Float: 1,
  Boolean: true,
  // AWS's ids of accounts.
  ID: '123456789012',
  DateTime: '2027-01-01T00:00:00Z',
};

function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return SAMPLES[type.name] ?? 'x';
  const required = Object.values(type.getFields()).filter(
    (field) => isNonNullType(field.type) && field.defaultValue === undefined,
  );
  return Object.fromEntries(required.map((field) => [field.name, sampleOf(field.type)]));
}
