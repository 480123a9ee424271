import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLDirective,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
} from 'graphql';

/** The inputs of the selection of fields. */
export interface Selecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** `CollectFields` of the specification (section 6.3.2): the selected fields by their names in the response. */
export function collectFields(
  { schema, fragments, variables }: Selecting,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();

  const isOf = (condition: NamedTypeNode | undefined): boolean => {
    if (condition === undefined) return true;
    const named = typeFromAST(schema, condition);
    return named === type || (isAbstractType(named) && schema.isSubType(named, type));
  };
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        if (spread.has(name) || !isIncluded(selection, variables)) continue;
        spread.add(name);
        const fragment = fragments[name];
        if (fragment && isOf(fragment.typeCondition)) collect(fragment.selectionSet);
      } else if (isIncluded(selection, variables)) {
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (isOf(selection.typeCondition)) collect(selection.selectionSet);
          continue;
        }
        const key = (selection.alias ?? selection.name).value;
        const same = fields.get(key);
        if (same === undefined) fields.set(key, [selection]);
        else same.push(selection);
      }
    }
  };

  for (const each of selectionSets) collect(each);
  return fields;
}

function isIncluded(selection: SelectionNode, variables: Selecting['variables']): boolean {
  const { directives = [] } = selection;
  if (directives.length === 0) return true;
  const condition = (directive: GraphQLDirective): unknown => {
    const value = directives.find(({ name }) => name.value === directive.name)?.arguments?.[0]?.value;
    if (value?.kind === Kind.BOOLEAN) return value.value;
    const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    // For a variable without a value graphql-js throws its own error.
    return typeof given === 'boolean' ? given : getDirectiveValues(directive, selection, variables)?.['if'];
  };
  return condition(GraphQLSkipDirective) !== true && condition(GraphQLIncludeDirective) !== false;
}

/** The definition of a field, those of introspection included. */
export function fieldOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}
