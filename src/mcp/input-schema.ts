import {
  astFromValue,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { UNKNOWN } from '../schema/aws-enum.ts';
import { commentAbove } from './comments.ts';
import type { ToolDocument } from './read-documents.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema of an object. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: string[];
  readonly additionalProperties: false;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

/** Creates the JSON Schema of a tool's arguments from the variables of its operation, and `further` arguments. */
export function createInputSchema(
  schema: GraphQLSchema,
  document: ToolDocument,
  further: Readonly<Record<string, JsonSchema>>,
): ObjectSchema {
  const types = new TypeSchemas();
  const usages = describeUsages(schema, document);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const definition of document.definition.variableDefinitions ?? []) {
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const name = definition.variable.name.value;
    const { defaultValue } = definition;
    const description = commentAbove(definition) || usages.get(name);
    properties[name] = {
      ...types.of(type),
      ...(description && { description }),
      ...(defaultValue && { default: valueFromASTUntyped(defaultValue) }),
    };
    if (isNonNullType(type) && defaultValue === undefined) required.push(name);
  }
  return {
    type: 'object',
    properties: { ...properties, ...further },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(types.definitions.size > 0 && { $defs: Object.fromEntries(types.definitions) }),
  };
}

/** The descriptions of the arguments and input fields in which variables are used first. */
function describeUsages(schema: GraphQLSchema, { document }: ToolDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const info = new TypeInfo(schema);
  /** Those of the object fields around the current node. */
  const fields: (string | null | undefined)[] = [];
  visit(
    document,
    visitWithTypeInfo(info, {
      ObjectField: {
        enter({ name }) {
          const type = info.getParentInputType();
          fields.push(isInputObjectType(type) ? type.getFields()[name.value]?.description : undefined);
        },
        leave() {
          fields.pop();
        },
      },
      VariableDefinition: () => false,
      Variable({ name }) {
        const description = fields.length > 0 ? fields.at(-1) : info.getArgument()?.description;
        if (description && !found.has(name.value)) found.set(name.value, description);
      },
    }),
  );
  return found;
}

/** Creates the JSON Schemas of types. Input objects are definitions, as they may contain themselves. */
class TypeSchemas {
  readonly definitions = new Map<string, JsonSchema>();

  of(type: GraphQLInputType): JsonSchema {
    if (isNonNullType(type)) return this.of(type.ofType);
    if (isListType(type)) return { type: 'array', items: this.of(type.ofType) };
    if (isInputObjectType(type)) {
      if (!this.definitions.has(type.name)) this.#define(type);
      return { $ref: `#/$defs/${type.name}` };
    }
    if (!isEnumType(type)) return scalarSchema(type);
    const values = type.getValues().map(({ name }) => name);
    return { type: 'string', enum: values.filter((name) => name !== UNKNOWN) };
  }

  #define(type: GraphQLInputObjectType): void {
    // Known before its fields are, which may be of the same type.
    this.definitions.set(type.name, {});
    const fields = Object.values(type.getFields());
    const required = fields.filter(isRequired).map(({ name }) => name);
    this.definitions.set(type.name, {
      type: 'object',
      ...(type.description && { description: type.description }),
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#field(field)])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    });
  }

  #field({ type, description, defaultValue }: GraphQLInputField): JsonSchema {
    const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
    return {
      ...this.of(type),
      ...(description && { description }),
      ...(value && { default: valueFromASTUntyped(value) }),
    };
  }
}

const isRequired = ({ type, defaultValue }: GraphQLInputField): boolean =>
  isNonNullType(type) && defaultValue === undefined;

function scalarSchema({ name, description }: GraphQLScalarType): JsonSchema {
  switch (name) {
    case 'Int':
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case 'Float':
      return { type: 'number' };
    case 'Boolean':
      return { type: 'boolean' };
    case 'ID':
    case 'String':
      return { type: 'string' };
    case 'DateTime':
      return { type: 'string', format: 'date-time' };
    default:
      return { ...(description && { description }) };
  }
}
