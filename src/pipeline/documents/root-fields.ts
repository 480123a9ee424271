import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../schema/cost/collect-fields.ts';

/** Names of the root fields, including those that may be skipped. The document need not be valid. */
export function rootFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): ReadonlySet<string> {
  const found = new Set<string>();
  visitRootFields(schema, document, { operation, selectionSet }, (name) => found.add(name));
  return found;
}

/** The name of the root field of a valid operation that has this key in the response. */
export function rootFieldOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  key: string | number,
): string | undefined {
  let found: string | undefined;
  visitRootFields(schema, document, operation, (name, itsKey) => {
    if (itsKey === key) found = name;
  });
  return found;
}

function visitRootFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: Pick<OperationDefinitionNode, 'operation' | 'selectionSet'>,
  meet: (name: string, key: string) => void,
): void {
  const fields = schema.getRootType(operation)?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const spread = new Set<string>();

  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { alias, name } = selection;
        if (Object.hasOwn(fields, name.value)) meet(name.value, (alias ?? name).value);
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
}
