import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../schema/cost/collect-fields.ts';

interface RootField {
  readonly name: string;
  /** Its name in the response. */
  readonly key: string;
}

/**
 * The root fields of an operation that the schema has, including those that may be skipped. The document need not be
 * valid.
 */
export function rootFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): readonly RootField[] {
  const defined = schema.getRootType(operation)?.getFields() ?? {};
  const fragments = fragmentsOf(document);
  const spread = new Set<string>();
  const found: RootField[] = [];

  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (Object.hasOwn(defined, name)) found.push({ name, key: selection.alias?.value ?? name });
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
  return found;
}
