import type { EnumRef, FieldRef } from '@pothos/core';
import { type ASTNode, GraphQLEnumType, type GraphQLSchema, isEnumType, Kind } from 'graphql';
import { builder, type SchemaTypes } from './builder.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, mapMaybePromise, type NodeShapes, resolveMember } from './entity.ts';
import { badInput, type NodeName } from './ids.ts';

/** Stands for every value that is newer than this release. */
export const UNKNOWN = 'UNKNOWN';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type FieldBuilder<Parent> = PothosSchemaTypes.ObjectFieldBuilder<Types, Parent>;
type Fields = Record<string, FieldRef<Types, unknown>>;
type Raw = string | null | undefined;

/** An enum of AWS's replies: UNKNOWN is an output, never an input. */
export type AwsEnum<V extends string> = EnumRef<Types, V | typeof UNKNOWN, V>;

interface Definition<V extends string> {
  readonly description: string;
  /** The values that this release knows. */
  readonly values: Readonly<Record<V, { readonly description: string }>>;
  /** Other spellings that AWS uses for a value. */
  readonly aliases?: Readonly<Record<string, NoInfer<V>>>;
}

/** Keyed by the enum's name: the graph's value for each string of AWS. */
const valuesOf = new Map<string, ReadonlyMap<string, string>>();

/** Defines an enum of AWS's replies: the values that this release knownMembers, and UNKNOWN. */
export function awsEnum<V extends string>(name: string, { description, values, aliases }: Definition<V>): AwsEnum<V> {
  const known = Object.keys(values).map((value): [string, string] => [value, value]);
  valuesOf.set(name, new Map([...known, ...Object.entries<string>(aliases ?? {})]));
  const ref = builder.enumType(name, {
    description,
    values: {
      ...values,
      [UNKNOWN]: {
        description:
          'A value that is newer than this release of orgql; the field whose name ends with `Raw` has it. ' +
          'Not accepted as input.',
      },
    },
  });
  // Pothos has one type for the outputs and the inputs of an enum.
  return ref as unknown as AwsEnum<V>;
}

interface FieldOptions {
  readonly description: string;
  readonly deprecationReason?: string;
  /** False for a member that AWS's API model requires. If AWS omits it all the same, it is UNKNOWN. */
  readonly nullable?: boolean;
}

/**
 * Defines a field of an enum type and its sibling `<name>Raw`, which has AWS's own string.
 * @param read Returns AWS's string; null or undefined when AWS sent none.
 */
export function awsEnumFields<Parent, V extends string>(
  t: FieldBuilder<Parent>,
  name: string,
  type: AwsEnum<V>,
  options: FieldOptions,
  read: (parent: Parent) => Raw,
): Fields {
  const toValue = conversion(type, options);
  return siblings(t, name, type, options, {
    value: (parent: unknown) => toValue(read(parent as Parent)),
    raw: (parent: unknown) => toRaw(read(parent as Parent)),
  });
}

/** The same for a member of an entity, under the member's name in camelCase. */
export function awsEnumMember<N extends NodeName, V extends string>(
  t: FieldBuilder<Entity<N>>,
  name: keyof NodeShapes[N] & string,
  type: AwsEnum<V>,
  description: string,
  options: Pick<FieldOptions, 'deprecationReason'> = {},
): Fields {
  const read = (entity: unknown, context: GraphContext) =>
    resolveMember(context, entity as Entity<N>, name) as Raw | Promise<Raw>;
  const all = { ...options, description, extensions: upstreamCost({ members: [name] }) };
  const toValue = conversion(type, all);
  return siblings(t, name.charAt(0).toLowerCase() + name.slice(1), type, all, {
    value: (entity: unknown, _args: object, context: GraphContext) => mapMaybePromise(read(entity, context), toValue),
    raw: (entity: unknown, _args: object, context: GraphContext) => mapMaybePromise(read(entity, context), toRaw),
  });
}

/** Made once per field: a closure per call costs a context on the heap. */
function conversion(type: AwsEnum<string>, { nullable = true }: Omit<FieldOptions, 'description'>) {
  const values = valuesOf.get(type.name);
  const missing = nullable ? null : UNKNOWN;
  return (raw: Raw): string | null => (raw == null ? missing : (values?.get(raw) ?? UNKNOWN));
}

const toRaw = (raw: Raw): string | null => raw ?? null;

interface Resolvers {
  value(parent: unknown, args: object, context: GraphContext): string | null | Promise<string | null>;
  raw(parent: unknown, args: object, context: GraphContext): string | null | Promise<string | null>;
}

function siblings<Parent, V extends string>(
  t: FieldBuilder<Parent>,
  name: string,
  type: AwsEnum<V>,
  { nullable = true, ...options }: FieldOptions & { readonly extensions?: Readonly<Record<string, unknown>> },
  resolve: Resolvers,
): Fields {
  return {
    // The value is a name of this enum, which the compiler does not see through the map.
    [name]: t.field({ ...options, type, nullable, resolve: resolve.value as () => never }),
    [`${name}Raw`]: t.string({
      ...options,
      description: `\`${name}\` as AWS spells it, also when it is UNKNOWN; null when AWS sent none.`,
      resolve: resolve.raw,
    }),
  };
}

/**
 * Makes every enum of AWS refuse UNKNOWN as input, in literals and in variables. GraphQL has one set of values for both
 * directions, and neither graphql-js nor Pothos has an option for it.
 */
export function refuseUnknownAsInput(schema: GraphQLSchema): GraphQLSchema {
  for (const name of valuesOf.keys()) {
    const type = schema.getType(name);
    if (isEnumType(type)) refuseUnknown(type);
  }
  return schema;
}

function refuseUnknown(type: GraphQLEnumType): void {
  const { values, ...config } = type.toConfig();
  const { [UNKNOWN]: _unknown, ...accepted } = values;
  // Suggests only accepted values for a misspelled one.
  const inputs = new GraphQLEnumType({ ...config, values: accepted });
  const refuse = (node?: ASTNode): never => {
    const problem =
      'UNKNOWN stands for values that are newer than this release of orgql, and is not accepted as input. ' +
      `Use one of ${Object.keys(accepted).join(', ')}.`;
    throw badInput(type.name, problem, node);
  };
  const parseValue: GraphQLEnumType['parseValue'] = (value) =>
    value === UNKNOWN ? refuse() : inputs.parseValue(value);
  const parseLiteral: GraphQLEnumType['parseLiteral'] = (node, variables) =>
    node.kind === Kind.ENUM && node.value === UNKNOWN ? refuse(node) : inputs.parseLiteral(node, variables);
  type.parseValue = parseValue;
  type.parseLiteral = parseLiteral;
}
