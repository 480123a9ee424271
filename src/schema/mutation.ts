import type { InputFieldMap, ObjectFieldsShape } from '@pothos/core';
import { type Input, type Output, UpstreamError, type WriteName } from '../upstream/index.ts';
import { builder, type SchemaTypes } from './builder.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { asDeclared, declaredExceptions } from './errors.ts';
import { clearLoaders } from './loaders/load-by-key.ts';
import { requiresForWrite } from './scopes.ts';
import { inputViolation } from './validation/input-rules.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

/** The parent of a payload's fields: the request, and AWS's reply. */
export interface Written<O extends WriteName> {
  readonly input: Input<O>;
  readonly output: Output<O>;
}

interface MutationOptions<O extends WriteName> {
  readonly description: string;
  /**
   * The fields of `<Operation>Input`: the request's members in camelCase. Omitted if there are none, as GraphQL has no
   * empty inputs.
   */
  readonly input?: (t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>) => InputFieldMap;
  /** False when every member of the request is optional, and with them the argument. Default true. */
  readonly inputRequired?: boolean;
  /** The changed objects, so that one round trip shows the new state. */
  readonly payload: ObjectFieldsShape<Types, Written<O>>;
}

/**
 * The mutation of one AWS operation: its name in camelCase, the argument `input` of type `<Operation>Input`, and a
 * result `<Operation>Result` = `<Operation>Payload` | the exceptions that AWS declares for the operation.
 */
export function awsMutation<O extends WriteName>(operation: O, options: MutationOptions<O>): void {
  const name = camelCase(operation);
  const payload = builder.objectRef<Written<O>>(`${operation}Payload`).implement({
    description: `The result of ${name}.`,
    fields: options.payload,
  });
  const input =
    options.input &&
    builder.inputType<string, InputFieldMap>(`${operation}Input`, {
      description: `The input of ${name}.`,
      fields: options.input,
    });
  builder.mutationField(name, (t) => {
    const required = options.inputRequired ?? true;
    const args = input && { input: t.arg({ type: input, required, description: "The request's members." }) };
    return t.field({
      type: payload,
      // A failure that AWS does not declare must not discard the results of other mutations in the operation.
      nullable: true,
      description: options.description,
      args: args ?? {},
      extensions: { ...upstreamCost({ calls: 1 }), ...requiresForWrite(operation) },
      errors: {
        types: declaredExceptions(operation),
        union: { name: `${operation}Result`, description: `The payload of ${name}, or why AWS refused it.` },
      },
      resolve: async (_root: object, given: { input?: object | null }, context, { path }) => {
        const request = toRequest<Input<O>>(given.input ?? {});
        try {
          const { session } = context;
          const violation = inputViolation(operation, request);
          context.onWriteBegin?.(path.key);
          if (violation !== undefined) refuseInvalid(operation, request, context, violation);
          const output = await session.write(operation, request);
          return { input: request, output };
        } catch (error) {
          throw asDeclared(operation, error);
        } finally {
          clearLoaders(context);
        }
      },
    });
  });
}

/** Rejects a request that breaks a rule of AWS's API model, as AWS would, without a call. */
function refuseInvalid<O extends WriteName>(
  operation: O,
  request: Input<O>,
  context: GraphContext,
  { path, problem, reason }: NonNullable<ReturnType<typeof inputViolation>>,
): never {
  const error = new UpstreamError(`${path}: ${problem}`, {
    code: 'InvalidInputException',
    reason,
    operation,
    retryable: false,
  });
  context.onWriteEnd?.({ operation, input: request, output: undefined, error, requestId: undefined, durationMs: 0 });
  throw error;
}

/**
 * `InviteAccountToOrganization` is `inviteAccountToOrganization`; `EnableAWSServiceAccess` is `enableAwsServiceAccess`.
 */
function camelCase(operation: string): string {
  const words = operation.replace('AWS', 'Aws');
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** An input as AWS spells it: every member's first letter in upper case; nulls left out, as AWS has none. */
function toRequest<I>(input: object): I {
  return upperCased(input) as I;
}

function upperCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(upperCased);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const members: Record<string, unknown> = {};
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member != null) members[upperCasedName(name)] = upperCased(member);
  }
  return members;
}

/** Keyed by the names of members, of which the schema has some dozens. */
const upperCasedNames = new Map<string, string>();

function upperCasedName(name: string): string {
  let known = upperCasedNames.get(name);
  if (known === undefined) {
    known = name.charAt(0).toUpperCase() + name.slice(1);
    upperCasedNames.set(name, known);
  }
  return known;
}
