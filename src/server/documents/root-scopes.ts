import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Scope } from '../../config/scopes.ts';
import { fragmentsOf } from '../../schema/cost/collect-fields.ts';
import { requiredScope } from '../../schema/scopes.ts';

/** All scopes that an operation's fields at the top ask for, skipped ones included; undefined when one has no rule, which nobody may have. */
export function rootScopes(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): ReadonlySet<Scope> | undefined {
  const fields = schema.getRootType(operation)?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const scopes = new Set<Scope>();
  const spread = new Set<string>();
  let ruled = true;

  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = fields[selection.name.value];
        // Introspection is for everybody, where it is on.
        if (field === undefined) continue;
        const scope = requiredScope(field.extensions);
        if (scope === undefined) ruled = false;
        else if (scope !== null) scopes.add(scope);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) visit(fragment.selectionSet);
      }
    }
  }

  visit(selectionSet);
  return ruled ? scopes : undefined;
}
