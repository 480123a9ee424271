import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/**
 * A subscription has one root field, which is no introspection field, and it is known without its variables.
 * The rule of graphql-js 16 still evaluates `@skip` and `@include`, and leaves to execution what then has no field at
 * all;
 * the specification refuses both directives there: https://spec.graphql.org/draft/#sec-Single-Root-Field.
 * The messages are those of graphql-js 17.
 */
export const singleRootField: ValidationRule = (context) => ({
  OperationDefinition({ operation, name, selectionSet }) {
    const type = context.getSchema().getSubscriptionType();
    if (operation !== 'subscription' || !type) return;
    const { fields, conditions } = rootSelection(selectionSet, type.name, (spread) => context.getFragment(spread));
    const subject = name === undefined ? 'Anonymous Subscription' : `Subscription "${name.value}"`;
    const refuse = (what: string, nodes: readonly (DirectiveNode | FieldNode)[]) =>
      context.reportError(new GraphQLError(`${subject} must ${what}.`, { nodes }));
    if (conditions.length > 0)
      refuse('not use `@skip` or `@include` directives in the top level selection', conditions);
    const [, ...others] = fields.values();
    if (others.length > 0) refuse('select only one top level field', others.flat());
    for (const nodes of fields.values()) {
      if (nodes[0]?.name.value.startsWith('__')) refuse('not select an introspection top level field', nodes);
    }
  },
});

interface RootSelection {
  /** By their names in the response. */
  readonly fields: ReadonlyMap<string, readonly FieldNode[]>;
  /** Every `@skip` and `@include` on a root field, or on a fragment around one. */
  readonly conditions: readonly DirectiveNode[];
}

/** The specification's CollectSubscriptionFields. */
function rootSelection(
  selectionSet: SelectionSetNode,
  typeName: string,
  fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined,
): RootSelection {
  const fields = new Map<string, FieldNode[]>();
  const conditions: DirectiveNode[] = [];
  const spread = new Set<string>();

  function visit({ selections }: SelectionSetNode, typeCondition: string | undefined): void {
    // A fragment on another type has no part in it; that it stands here is another rule's error.
    if (typeCondition !== undefined && typeCondition !== typeName) return;
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) {
        if (isCondition(directive)) conditions.push(directive);
      }
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const others = fields.get(key);
        if (others === undefined) fields.set(key, [selection]);
        else others.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, selection.typeCondition?.name.value);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragmentOf(selection.name.value);
        if (fragment) visit(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  }

  visit(selectionSet, undefined);
  return { fields, conditions };
}

const isCondition = ({ name }: DirectiveNode): boolean =>
  name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name;
