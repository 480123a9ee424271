import { type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql';
import type { Scope } from '../config/auth.ts';
import type { WriteName } from '../upstream/index.ts';
import { collectFields, fragmentsOf } from './cost/collect-fields.ts';
import { type EstimateSettings, estimate, OversizedOperation } from './cost/estimate.ts';
import { isIntrospection } from './cost/introspected.ts';

/** What a field of Query, Mutation or Subscription asks of its caller; `null` = nothing but to be known. For the field's `extensions`. */
export const requires = (scope: Scope | null) => ({ requiredScope: scope });

/** What each operation that changes something asks of its caller. */
const scopeOfWrite: Readonly<Partial<Record<WriteName, Scope>>> = {
  AcceptHandshake: 'handshakes:respond',
  DeclineHandshake: 'handshakes:respond',
  InviteAccountToOrganization: 'handshakes:send',
  InviteOrganizationToTransferResponsibility: 'handshakes:send',
  CancelHandshake: 'handshakes:send',
  UpdateResponsibilityTransfer: 'transfers:manage',
  TerminateResponsibilityTransfer: 'transfers:manage',
};

/** Everything that is no handshake and no transfer changes the organization. */
export const requiresForWrite = (operation: WriteName) => requires(scopeOfWrite[operation] ?? 'organization:write');

/** What a field asks for; undefined when nobody has said so, and then nobody may have it. */
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
 * What a valid operation selects and its caller may not: fields at the top whose scope the caller has not, and, for a caller that may not read,
 * all that would have to be read from AWS. What AWS answers to a write is not read: who may accept a handshake may see its new state.
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
  // What is wrong with the operation or its variables, the executor says; no field is resolved for it.
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

/** What costs calls. Of a mutation, its own field is the write; what costs calls below it reads. */
function readsOf(...operation: Parameters<typeof estimate>): readonly Missing[] {
  try {
    return estimate(...operation).fields.map(({ path }) => ({ path, scope: 'read' }));
  } catch (error) {
    if (error instanceof OversizedOperation) return [{ path: '.', scope: 'read' }];
    throw error;
  }
}
