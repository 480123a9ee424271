import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/** One field of a selection, all its occurrences merged. */
export interface SelectedField {
  /** Name in the response. */
  readonly key: string;
  /** The type that has the field, narrowed by the fragments around it. */
  readonly parent: GraphQLCompositeType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

export const selectionSetsOf = (nodes: SelectedField['nodes']): readonly SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/**
 * Collects the fields of selections on objects of `type` and merges them as execution does. A field that is selected
 * for several object types appears once for each.
 */
export function collectFields(
  schema: GraphQLSchema,
  fragments: Fragments,
  variables: Readonly<Record<string, unknown>>,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): readonly SelectedField[] {
  const fields = new Map<string, SelectedField & { nodes: FieldNode[] }>();
  const spread = new Set<string>();

  function visit(parent: GraphQLCompositeType, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      switch (selection.kind) {
        case Kind.FIELD:
          select(parent, selection);
          break;
        case Kind.INLINE_FRAGMENT:
          narrow(parent, selection.typeCondition?.name.value, selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          const seen = `${parent.name} ${selection.name.value}`;
          if (fragment === undefined || spread.has(seen)) break;
          spread.add(seen);
          narrow(parent, fragment.typeCondition.name.value, fragment.selectionSet);
        }
      }
    }
  }

  function narrow(parent: GraphQLCompositeType, condition: string | undefined, selectionSet: SelectionSetNode): void {
    const named = condition === undefined ? parent : schema.getType(condition);
    if (!isCompositeType(named)) return;
    // An object type stays as narrow as it is inside a fragment on one of its interfaces.
    if (isObjectType(parent)) {
      if (isObjectType(named) ? named === parent : schema.isSubType(named, parent)) visit(parent, selectionSet);
    } else {
      visit(named, selectionSet);
    }
  }

  function select(parent: GraphQLCompositeType, node: FieldNode): void {
    const definition = fieldOf(schema, parent, node.name.value);
    if (definition === undefined) return;
    const key = node.alias?.value ?? node.name.value;
    const id = `${parent.name} ${key}`;
    const same = fields.get(id);
    if (same === undefined) fields.set(id, { key, parent, definition, nodes: [node] });
    else same.nodes.push(node);
  }

  for (const selectionSet of selectionSets) visit(type, selectionSet);
  return [...fields.values()];
}

function fieldOf(schema: GraphQLSchema, type: GraphQLCompositeType, name: string) {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isUnionType(type) ? undefined : type.getFields()[name];
}

function isIncluded(selection: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false
  );
}
