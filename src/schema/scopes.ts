import { type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql';
import type { Scope } from '../config/auth.ts';
import type { WriteName } from '../upstream/index.ts';
import { collectFields, fragmentsOf } from './cost/collect-fields.ts';
import { type EstimateSettings, estimate, OversizedOperationError } from './cost/estimate.ts';
import { isIntrospection } from './cost/introspected.ts';

/** The scope that a field of Query, Mutation or Subscription requires; `null` = none. For the field's `extensions`. */
export const requires = (scope: Scope | null) => ({ requiredScope: scope });

/** The scope that each write requires. */
const scopeOfWrite: Readonly<Partial<Record<WriteName, Scope>>> = {
  AcceptHandshake: 'handshakes:respond',
  DeclineHandshake: 'handshakes:respond',
  InviteAccountToOrganization: 'handshakes:send',
  InviteOrganizationToTransferResponsibility: 'handshakes:send',
  CancelHandshake: 'handshakes:send',
  UpdateResponsibilityTransfer: 'transfers:manage',
  TerminateResponsibilityTransfer: 'transfers:manage',
};

/** All writes but those of handshakes and transfers change the organization. */
export const requiresForWrite = (operation: WriteName) => requires(scopeOfWrite[operation] ?? 'organization:write');

/** The scope that a field requires. Undefined if the field declares none: it is then rejected for every caller. */
export function requiredScope(extensions: Readonly<Record<string, unknown>>): Scope | null | undefined {
  return extensions['requiredScope'] as Scope | null | undefined;
}

export interface Missing {
  /** Response keys from the top, joined with dots. */
  readonly path: string;
  /** Undefined for a field without a rule. */
  readonly scope: Scope | undefined;
}

/**
 * Returns the fields of a valid operation that its caller may not use: top-level fields whose scope is missing and,
 * without the scope `read`, all fields that are read from AWS. Replies to writes need no `read`, so that a caller with
 * the scope for a write can see the object's new state.
 */
export function missingScopes(
  schema: GraphQLSchema,
  operation: Parameters<typeof estimate>[1],
  scopes: ReadonlySet<Scope>,
  settings: EstimateSettings,
): readonly Missing[] {
  const definition = getOperationAST(operation.document, operation.operationName);
  const root = definition && schema.getRootType(definition.operation);
  const given = getVariableValues(schema, definition?.variableDefinitions ?? [], { ...operation.variables });
  // The executor reports an invalid operation or variable, and resolves no field.
  if (!definition || !root || given.errors) return [];
  const selected = collectFields(schema, fragmentsOf(operation.document), given.coerced, root, [
    definition.selectionSet,
  ]);
  const missing = selected.flatMap(({ key, definition: { name, extensions } }): Missing[] => {
    if (isIntrospection(name)) return [];
    const scope = requiredScope(extensions);
    return scope === null || (scope !== undefined && scopes.has(scope)) ? [] : [{ path: key, scope }];
  });
  if (missing.length > 0 || scopes.has('read')) return missing;
  return readsOf(schema, operation, settings).filter(
    ({ path }) => definition.operation !== 'mutation' || path.includes('.'),
  );
}

/**
 * Whether the field is read from AWS. A mutation's own field is the write; fields below it that cost calls are reads.
 */
function readsOf(...operation: Parameters<typeof estimate>): readonly Missing[] {
  try {
    return estimate(...operation).fields.map(({ path }) => ({ path, scope: 'read' }));
  } catch (error) {
    if (error instanceof OversizedOperationError) return [{ path: '.', scope: 'read' }];
    throw error;
  }
}
