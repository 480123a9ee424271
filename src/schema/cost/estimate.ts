import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  isListType,
  isObjectType,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { type NodeName, nodeNames } from '../ids.ts';
import { minKeysOf } from '../loaders/scan-kinds.ts';
import { argumentsOf, countListItems, variantOf } from './arguments.ts';
import { collectFields, fragmentsOf, type Selected } from './collect-fields.ts';
import { type ConnectionCost, connectionCost } from './connection-cost.ts';
import { introspectedValues, isIntrospection } from './introspected.ts';
import { type Assumptions, mostDifferentObjects, mostObjects } from './longest.ts';
import { type Allowed, altogetherOf, type CostRule, costRuleOf, type ListRule } from './rules.ts';
import { itemsInTree, type Scope, startOf } from './scope.ts';
import { CostTotals, type Estimate } from './totals.ts';

export interface EstimateSettings extends Assumptions, Allowed {
  /** An introspection with more values than this is not counted exactly. */
  readonly maxValues: number;
}

/** An operation with more selections than this, with fragments expanded, is not estimated. */
const mostSelections = 50_000;

/** The operation cannot be estimated, as it is too large. */
export class OversizedOperation extends Error {}

/**
 * The worst case of what a valid operation costs upstream: every list is as long as `first` allows, or as AWS's quotas do.
 * @throws OversizedOperation
 */
export function estimate(
  schema: GraphQLSchema,
  operation: {
    readonly document: DocumentNode;
    readonly operationName?: string | null | undefined;
    readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  },
  settings: EstimateSettings,
): Estimate {
  const definition = getOperationAST(operation.document, operation.operationName);
  const root = definition && schema.getRootType(definition.operation);
  const given = getVariableValues(schema, definition?.variableDefinitions ?? [], { ...operation.variables });
  // The executor reports an invalid operation or variable, and calls nothing.
  if (!definition || !root || given.errors) return new CostTotals().result(settings);
  const walk = new Walk(schema, operation.document, given.coerced, settings);
  walk.operation(root, definition.selectionSet, definition.operation);
  return walk.result();
}

interface FieldInOperation extends Pick<Selected, 'definition' | 'parent'> {
  readonly rule: CostRule;
  readonly args: Readonly<Record<string, unknown>>;
  readonly selectionSets: readonly SelectionSetNode[];
}

class Walk {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #settings: EstimateSettings;
  readonly #totals = new CostTotals();
  /** Of arguments that are objects: a variable may be an argument of many fields. */
  readonly #knownItems = new WeakMap<object, number>();
  #writes = false;
  #selections = 0;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    settings: EstimateSettings,
  ) {
    this.#schema = schema;
    this.#fragments = fragmentsOf(document);
    this.#variables = variables;
    this.#settings = settings;
  }

  operation(root: GraphQLCompositeType, selectionSet: SelectionSetNode, kind: `${OperationTypeNode}`): void {
    const scope = { path: '', count: 1, places: 1, apart: true, lists: [] };
    this.#writes = kind === 'mutation';
    for (const selected of this.#collect(root, [selectionSet])) {
      if (kind === 'mutation') this.#totals.forgetReads();
      this.#field(selected, scope);
    }
    if (kind === 'mutation') this.#totals.clearForecast();
  }

  result(): Estimate {
    return this.#totals.result(this.#settings);
  }

  /** Fields of one selection, on objects of one type or of one of several. */
  #selection(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[], scope: Scope): void {
    const selected = this.#collect(type, selectionSets);
    this.#load(type, selected, scope);
    for (const one of selected) this.#field(one, scope);
  }

  #collect(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): readonly Selected[] {
    const selected = collectFields(this.#schema, this.#fragments, this.#variables, type, selectionSets);
    this.#selections += selected.length;
    if (this.#selections > mostSelections) throw new OversizedOperation();
    return selected;
  }

  /** The call that tells what is not known of each object, if any selected field needs it. */
  #load(type: GraphQLCompositeType, selected: readonly Selected[], { knows, ...scope }: Scope): void {
    if (knows === undefined) return;
    const needed = selected.some(({ definition }) => {
      const rule = costRuleOf(definition.extensions);
      return rule?.own ?? rule?.members?.some((member) => !knows.includes(member)) ?? false;
    });
    if (!needed) return;
    const types = this.#possible(type);
    this.#read(types, scope, 1, this.#mostDifferent(type, scope));
  }

  #field(selected: Selected, around: Scope): void {
    const { key, parent, definition, nodes } = selected;
    const scope = { ...around, path: around.path === '' ? key : `${around.path}.${key}` };
    if (isIntrospection(definition.name)) {
      this.#introspect(selected, scope);
      return;
    }
    this.#totals.addValues(scope);
    const rule = costRuleOf(definition.extensions) ?? {};
    const args = argumentsOf(definition, nodes, this.#variables);
    if (args === undefined) return;
    // A list is looked at item by item wherever the field is resolved. Where the field answers item by item, the items are counted as such.
    if (typeof rule.items !== 'function')
      this.#totals.addValues({ ...scope, places: scope.places * countListItems(args, this.#knownItems) });
    if (rule.calls !== undefined) this.#totals.addCalls(scope, rule.calls * scope.count);
    if (rule.once !== undefined) this.#totals.addCallOnce(scope, rule.once);
    const loads = rule.loads?.(args, this.#settings) ?? [];
    for (const typename of new Set(loads))
      this.#read([typename], scope, loads.length === 1 ? 1 : loads.filter((each) => each === typename).length);
    const type = getNamedType(definition.type);
    if (!isCompositeType(type)) return;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    this.#selection(type, selectionSets, this.#below({ rule, args, parent, definition, selectionSets }, type, scope));
  }

  #introspect(selected: Selected, { path, places, treeLevel }: Scope): void {
    const values = introspectedValues(selected, places, {
      schema: this.#schema,
      most: this.#settings.maxValues - this.#totals.values,
      argumentsOf: ({ definition, nodes }) => argumentsOf(definition, nodes, this.#variables),
      select: (type, { nodes }) =>
        this.#collect(
          type,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        ),
    });
    this.#totals.addValues({ path, places: values, treeLevel });
  }

  /** The objects that a field gives. */
  #below(field: FieldInOperation, type: GraphQLCompositeType, { connection: around, ...scope }: Scope): Scope {
    const { rule, args, definition, parent } = field;
    if (rule.list !== undefined) {
      const selected = this.#collect(type, field.selectionSets);
      const wholeList = selected.some(({ definition: inside }) => costRuleOf(inside.extensions)?.wholeList);
      const isScanned = this.#isScanned(rule.list, args, scope);
      const circumstances = { objects: scope.count, wholeList, isScanned, ...this.#settings };
      const connection = connectionCost(rule.list, args, circumstances);
      const lists = [...scope.lists, { path: scope.path, first: connection.first }];
      this.#chargeList(field, rule.list, connection, { ...scope, lists });
      const altogether = altogetherOf(rule.list, args);
      const population = scope.apart ? altogether : undefined;
      const inTree = altogether !== undefined;
      const position = scope.position ?? startOf(parent, scope.path);
      const { knows } = rule;
      return {
        ...scope,
        connection,
        lists,
        population,
        inTree,
        position,
        edges: undefined,
        knows: undefined,
        knowsOfItems: knows,
      };
    }
    const { knowsOfItems, edges, population, ...own } = scope;
    const isNode = this.#possible(type).length > 0;
    let { count, places } = own;
    let ofTree: Pick<Scope, 'position' | 'treeLevel'> = own;
    const inList = isListType(getNullableType(definition.type));
    if (inList && around !== undefined) {
      count = around.items;
      places = own.apart ? around.items : places * around.itemsOfOne;
      if (population !== undefined) ofTree = itemsInTree(population, own, places, this.#settings);
    } else if (inList) {
      const items = this.#itemsOf(rule, args);
      count *= items;
      places *= items;
    } else if (isNode && edges !== true && this.#possible(parent).length > 0) {
      ofTree = { position: undefined, treeLevel: own.treeLevel };
    }
    if (!rule.foreign) count = Math.min(count, this.#mostObjects(type));
    // What is not an item of its object's own list may be that of another object as well.
    const isItem = (around !== undefined && inList) || edges === true;
    return {
      ...own,
      ...ofTree,
      count,
      places,
      apart: own.apart && count === places && (isItem || !isNode || places === 1),
      // What a list says of its items holds for what they name, such as the account of a child; not for what an object
      // of its own leads to.
      inTree: own.inTree === true && (around !== undefined || this.#possible(parent).length === 0),
      edges: around !== undefined && inList && !isNode,
      knows: rule.knows ?? (isNode ? knowsOfItems : undefined),
      // An edge is not the item yet.
      knowsOfItems: isNode ? undefined : knowsOfItems,
    };
  }

  /**
   * Whether a list scan assembles such lists: of whole objects, none of which is asked for what lies behind a cursor, and not
   * in a mutation.
   */
  #isScanned({ scan }: ListRule, { after }: Readonly<Record<string, unknown>>, { count, knows }: Scope): boolean {
    return scan !== undefined && after == null && !this.#writes && knows === undefined && count >= minKeysOf(scan);
  }

  #chargeList(
    { rule, args, parent }: Pick<FieldInOperation, 'rule' | 'args' | 'parent'>,
    list: ListRule,
    { calls, callsOf }: ConnectionCost,
    scope: Scope,
  ): void {
    const most = this.#mostDifferent(parent, scope);
    const variant = callsOf && Number.isFinite(most) ? variantOf(args) : undefined;
    const scan = args['after'] == null ? list.scan : undefined;
    if (callsOf === undefined || variant === undefined) {
      this.#totals.addCalls(scope, calls);
      if (scan !== undefined) this.#totals.expect(scan, scope.count);
      return;
    }
    this.#totals.addSharedLists(
      scope,
      { rule, variant: `${parent.name} ${variant}`, scan },
      { calls, maxCalls: callsOf(most), objects: scope.count, maxObjects: most },
    );
  }

  /**
   * Each of the objects is read by its id, as one of these types; `times`: by so many ids; `most`: of how many
   * different ones, in the whole operation.
   */
  #read(
    typenames: readonly string[],
    scope: Omit<Scope, 'knows'>,
    times: number,
    most = Number.POSITIVE_INFINITY,
  ): void {
    const repeated = typenames.filter((typename) => mostObjects(typename) > 1);
    for (const typename of typenames)
      if (mostObjects(typename) === 1 && repeated.length === 0) this.#totals.addCallOnce(scope, typename);
    if (repeated.length > 0) this.#totals.addObjects(scope, repeated, times * scope.count, most);
  }

  #itemsOf({ items }: CostRule, args: Readonly<Record<string, unknown>>): number {
    return typeof items === 'function' ? items(args, this.#settings) : (items ?? 1);
  }

  #mostObjects(type: GraphQLCompositeType): number {
    const types = isObjectType(type) ? [type] : this.#schema.getPossibleTypes(type);
    return types.reduce((sum, { name }) => sum + mostObjects(name), 0);
  }

  #mostDifferent(type: GraphQLCompositeType, { inTree }: Pick<Scope, 'inTree'>): number {
    const types = isObjectType(type) ? [type] : this.#schema.getPossibleTypes(type);
    return types.reduce((sum, { name }) => sum + mostDifferentObjects(name, inTree === true, this.#settings), 0);
  }

  /** The node types that an object of this type can be of. */
  #possible(type: GraphQLCompositeType): readonly NodeName[] {
    const names = new Set(
      isObjectType(type) ? [type.name] : this.#schema.getPossibleTypes(type).map(({ name }) => name),
    );
    return nodeNames.filter((name) => names.has(name));
  }
}
