import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  type getVariableValues,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** The coerced variables of an operation, or their errors. */
export type CoerceVariables = (given: Variables) => ReturnType<typeof getVariableValues>;

/** Coerces variables and reports their errors. */
export type ReportVariables = (
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Variables,
) => ReturnType<typeof getVariableValues>;

const NO_VARIABLES = { coerced: {} };

interface Variable {
  readonly name: string;
  readonly coerce: Coerce;
  /** The value when it is not given; `UNSURE` if it is required. Undefined if it may be left out. */
  readonly default: (() => unknown) | undefined;
}

/**
 * graphql-js's `getVariableValues`, with the definitions evaluated once. Only variables that are right are coerced
 * here; all others are left to `report`, so that errors are graphql-js's own. A scalar then coerces its value twice.
 */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  report: ReportVariables,
): CoerceVariables {
  if (definitions.length === 0) return () => NO_VARIABLES;
  const coerceOrReport: CoerceVariables = (given) => report(schema, definitions, given);
  const variables: Variable[] = [];
  for (const definition of definitions) {
    const variable = compileVariable(schema, definition);
    if (variable === undefined) return coerceOrReport;
    variables.push(variable);
  }
  return (given) => {
    const coerced = coerceAll(variables, given);
    return coerced === undefined ? coerceOrReport(given) : { coerced };
  };
}

/** Undefined for a variable that is left to graphql-js whatever its value. */
function compileVariable(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode) {
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
      // An object could be changed by a resolver, and is made anew for each operation, as in graphql-js.
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

/** Stands for a value that is wrong, or of an unusual kind, and therefore left to graphql-js. */
const UNSURE = Symbol('unsure');

/** Coerces a value as graphql-js's `coerceInputValue` does, or returns `UNSURE`. May throw what a scalar throws. */
type Coerce = (value: unknown) => unknown;

/** Compiled once per type of a schema. */
const known = new WeakMap<GraphQLInputObjectType, Coerce>();

function coercionTo(type: GraphQLInputType): Coerce {
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
      // In JSON, only arrays are iterable.
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
  // Assigning `__proto__` sets an object's prototype.
  if (Object.hasOwn(definitions, '__proto__')) return () => UNSURE;
  let fields: readonly Field[] | undefined;
  // Called when it is first needed: a type may have a field of its own type.
  const compileFields = () =>
    Object.values(definitions).map((field) => ({
      name: field.name,
      coerce: coercionTo(field.type),
      defaultValue: defaultOf(field),
      required: isNonNullType(field.type),
    }));

  return (value) => {
    if (value == null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return UNSURE;
    fields ??= compileFields();
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
    // Inherited properties, too: graphql-js decides about them.
    for (const name in given) if (definitions[name] === undefined) return UNSURE;
    return type.isOneOf && !isOne(object) ? UNSURE : object;
  };
}

/** The default of an argument or input field. graphql 17 has it as a literal, or before coercion. */
export function defaultOf(input: GraphQLArgument | GraphQLInputField): unknown {
  const { default: given } = input as { readonly default?: { readonly literal?: ValueNode; readonly value?: unknown } };
  if (given === undefined) return input.defaultValue;
  return given.literal === undefined ? coercionTo(input.type)(given.value) : valueFromAST(given.literal, input.type);
}

/** Whether an object is a value of an input type with `@oneOf`. */
export function isOne(object: Readonly<Record<string, unknown>>): boolean {
  const members = Object.values(object);
  return members.length === 1 && members[0] !== null;
}
