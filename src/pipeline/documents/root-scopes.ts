import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Scope } from '../../config/auth.ts';
import { requiredScope } from '../../schema/scopes.ts';
import { rootFields } from './root-fields.ts';

/** All scopes that an operation's fields at the top ask for, skipped ones included; undefined when one has no rule, which nobody may have. */
export function rootScopes(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<Scope> | undefined {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const scopes = new Set<Scope>();
  // Introspection is none of the schema's fields: it is for everybody, where it is on.
  for (const name of rootFields(schema, document, operation)) {
    const scope = requiredScope(fields[name]?.extensions ?? {});
    if (scope === undefined) return undefined;
    if (scope !== null) scopes.add(scope);
  }
  return scopes;
}
