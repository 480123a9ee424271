import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentsKey, argumentsOf, countListItems } from './arguments.ts';
import { collectFields, fragmentsOf, type SelectedField, selectionSetsOf } from './collect-fields.ts';
import { type ConnectionCost, connectionCost, listsReadCost } from './connection-cost.ts';
import {
  copiedLength,
  countUnknownIds,
  hasOtherType,
  idsIn,
  isDescribed,
  isFullReadCopied,
  isTypeCopied,
} from './copied.ts';
import { countIntrospectedValues, isIntrospection } from './introspected.ts';
import { callsOfFullRead, maxObjectsOf } from './list-bounds.ts';
import { ObjectTypes } from './object-types.ts';
import { type CostRule, costRuleOf, type EstimateSettings, itemsOf, type ListRule, type ListsRead } from './rules.ts';
import { isScanned, itemPosition, type SelectionScope, topOfTree } from './selection-scope.ts';
import { CostTotals, type Estimate } from './totals.ts';

/** Selections of an operation with its fragments expanded. Larger operations are rejected without an estimate. */
const MAX_SELECTIONS = 50_000;

/** An operation with too many selections to be estimated. */
export class OversizedOperationError extends Error {}

interface FieldInOperation extends Pick<SelectedField, 'definition' | 'parent'> {
  readonly rule: CostRule;
  readonly args: Readonly<Record<string, unknown>>;
  readonly selectionSets: readonly SelectionSetNode[];
}

type ListField = Pick<FieldInOperation, 'rule' | 'args' | 'parent'>;

/** Adds up the cost of one operation. */
export class OperationEstimator {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #settings: EstimateSettings;
  readonly #types: ObjectTypes;
  readonly #totals = new CostTotals();
  /** Cached counts, as one variable may be an argument of many fields. */
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
    this.#types = new ObjectTypes(schema, settings);
  }

  operation(root: GraphQLCompositeType, selectionSet: SelectionSetNode, kind: `${OperationTypeNode}`): void {
    const scope = { path: '', count: 1, places: 1, isDistinct: true, lists: [] };
    this.#writes = kind === 'mutation';
    for (const selected of this.#collect(root, [selectionSet])) {
      if (kind === 'mutation') this.#totals.forgetReads();
      this.#addField(selected, scope);
    }
    if (kind === 'mutation') this.#totals.clearForecast();
  }

  result(): Estimate {
    return this.#totals.result(this.#settings);
  }

  /** @param type The type of the objects, or an interface or union of their types. */
  #addSelection(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[], scope: SelectionScope): void {
    const selected = this.#collect(type, selectionSets);
    this.#addDescribeCalls(type, selected, scope);
    for (const one of selected) this.#addField(one, scope);
  }

  #collect(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): readonly SelectedField[] {
    const selected = collectFields(this.#schema, this.#fragments, this.#variables, type, selectionSets);
    this.#selections += selected.length;
    if (this.#selections > MAX_SELECTIONS) throw new OversizedOperationError();
    return selected;
  }

  /** Adds the Describe calls of objects of which a selected field needs a member that is not known. */
  #addDescribeCalls(
    type: GraphQLCompositeType,
    selected: readonly SelectedField[],
    { knownMembers, ...scope }: SelectionScope,
  ): void {
    if (knownMembers === undefined) return;
    const needed = selected.some(({ definition }) => {
      const rule = costRuleOf(definition.extensions);
      return rule?.requiresOwnOrganization ?? rule?.members?.some((member) => !knownMembers.includes(member)) ?? false;
    });
    if (!needed) return;
    const types = this.#types.nodeTypes(type).filter((typename) => !isDescribed(this.#copyFor(scope), typename, scope));
    this.#addReads(types, scope, 1, this.#types.maxDistinct(type, scope));
  }

  #addField(selected: SelectedField, around: SelectionScope): void {
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
    // The executor coerces each item of a list argument. `rule.items` as a function counts such items below.
    if (typeof rule.items !== 'function')
      this.#totals.addValues({ ...scope, places: scope.places * countListItems(args, this.#knownItems) });
    if (rule.computedValues !== undefined)
      this.#totals.addValues({ ...scope, places: scope.places * rule.computedValues(args, this.#settings) });
    if (rule.calls !== undefined) this.#totals.addCalls(scope, rule.calls * scope.count);
    if (rule.readOnce !== undefined && !isTypeCopied(this.#settings.copy, rule.readOnce))
      this.#totals.addCallsOnce(scope, rule.readOnce);
    for (const read of rule.fullReads?.(args) ?? [])
      if (!isFullReadCopied(this.#settings.copy, read))
        this.#totals.addCallsOnce(scope, `all ${read}`, callsOfFullRead(read, this.#settings));
    this.#addReadsById(rule, args, scope);
    for (const lists of rule.listsRead?.(args, scope.argsAbove) ?? [])
      this.#addListsRead({ rule, args, parent }, lists, scope);
    const type = getNamedType(definition.type);
    if (!isCompositeType(type)) {
      const copied = copiedLength(this.#copyFor(scope), { parent: parent.name, name: definition.name }, args);
      if (rule.list !== undefined && copied === undefined) this.#countList({ rule, args, parent }, rule.list, scope);
      return;
    }
    const selectionSets = selectionSetsOf(nodes);
    const childScope = this.#childScope({ rule, args, parent, definition, selectionSets }, type, scope);
    this.#addSelection(type, selectionSets, childScope);
  }

  #addReadsById(rule: CostRule, args: FieldInOperation['args'], scope: SelectionScope): void {
    const { copy } = this.#settings;
    const types = rule.typesReadById?.(args, this.#settings, scope.argsAbove) ?? [];
    const ids = rule.idsReadById?.(args) ?? idsIn(args);
    for (const typename of new Set(types)) {
      let reads = types.filter((each) => each === typename).length;
      if (copy !== undefined && ids !== undefined) reads = countUnknownIds(copy, typename, ids);
      else if (isTypeCopied(copy, typename)) reads = 0;
      if (reads > 0) this.#addReads([typename], scope, reads, ids === undefined ? maxObjectsOf(typename) : undefined);
    }
  }

  #addListsRead({ rule, args, parent }: ListField, lists: ListsRead, scope: SelectionScope) {
    if (copiedLength(this.#copyFor(scope), { parent: parent.name, name: lists.field }, {}) !== undefined) return;
    const objects = scope.count * lists.count;
    const isScanned = this.#isScanned(lists.list, {}, { ...scope, count: objects });
    const cost = listsReadCost(lists, { objects, isScanned, ...this.#settings });
    const variant = lists.isSharedByAllArguments ? '' : argumentsKey(args);
    if (variant === undefined) this.#totals.addCalls(scope, cost.calls);
    else this.#totals.addSharedLists(scope, { rule, variant, scan: lists.list.scan }, cost);
  }

  /** The copy, if it may have what is selected. */
  #copyFor = ({ isOutsideCopy }: SelectionScope) => (isOutsideCopy === true ? undefined : this.#settings.copy);

  #isScanned = (...of: Parameters<typeof isScanned>) => !this.#writes && isScanned(...of);

  #introspect(selected: SelectedField, { path, places, treeLevel }: SelectionScope): void {
    const values = countIntrospectedValues(selected, places, {
      schema: this.#schema,
      maxValues: this.#settings.maxValues - this.#totals.values,
      argumentsOf: ({ definition, nodes }) => argumentsOf(definition, nodes, this.#variables),
      select: (type, { nodes }) => this.#collect(type, selectionSetsOf(nodes)),
    });
    this.#totals.addValues({ path, places: values, treeLevel });
  }

  /** The scope of a field's selections. */
  #childScope(
    field: FieldInOperation,
    type: GraphQLCompositeType,
    { connection: around, ...scope }: SelectionScope,
  ): SelectionScope {
    const { rule, args, definition, parent } = field;
    if (rule.list !== undefined) {
      const selected = this.#collect(type, field.selectionSets);
      const connection = connectionCost(rule.list, args, {
        objects: scope.count,
        readsWholeList: selected.some(({ definition: inside }) => costRuleOf(inside.extensions)?.readsWholeList),
        isScanned: this.#isScanned(rule.list, args, scope),
        copiedLength: copiedLength(this.#copyFor(scope), { parent: parent.name, name: definition.name }, args),
        ...this.#settings,
      });
      const lists = [...scope.lists, { path: scope.path, first: connection.first }];
      this.#chargeList(field, rule.list, connection, { ...scope, lists });
      const { totalBound } = connection;
      const treePosition = scope.treePosition ?? topOfTree(parent, scope.path);
      return {
        ...scope,
        connection,
        lists,
        totalBound: scope.isDistinct ? totalBound : undefined,
        isInTree: totalBound !== undefined,
        isOutsideCopy: scope.isOutsideCopy || hasOtherType(this.#settings.copy, definition.name, args),
        includesOtherOrganizations: undefined,
        treePosition,
        isEdge: undefined,
        knownMembers: undefined,
        knownItemMembers: rule.knownMembers,
      };
    }
    const { knownItemMembers, isEdge, totalBound, ...own } = scope;
    const isNode = this.#types.nodeTypes(type).length > 0;
    let { count, places } = own;
    let ofTree: Pick<SelectionScope, 'treePosition' | 'treeLevel'> = own;
    const inList = isListType(getNullableType(definition.type));
    if (inList && around !== undefined) {
      count = around.items;
      places = own.isDistinct ? around.items : places * around.itemsOfOne;
      if (totalBound !== undefined) ofTree = itemPosition(totalBound, own, places, this.#settings);
    } else if (inList) {
      const items = itemsOf(rule, args, this.#settings, own.argsAbove);
      count *= items;
      places *= items;
    } else if (isNode && isEdge !== true && this.#types.nodeTypes(parent).length > 0) {
      ofTree = { treePosition: undefined, treeLevel: own.treeLevel };
    }
    if (!rule.includesOtherOrganizations) count = Math.min(count, this.#types.maxObjectsOf(type));
    // Only an item of the object's own list belongs to no other object.
    const isItem = (around !== undefined && inList) || isEdge === true;
    return {
      ...own,
      ...ofTree,
      ...(rule.boundsItemsBelow && { argsAbove: args }),
      count,
      places,
      isDistinct: own.isDistinct && count === places && (isItem || !isNode || places === 1),
      // References in a list's items (such as the account of a child) are in the tree; those of an object may not be.
      includesOtherOrganizations: rule.includesOtherOrganizations ?? own.includesOtherOrganizations,
      isInTree: own.isInTree === true && (around !== undefined || this.#types.nodeTypes(parent).length === 0),
      isEdge: around !== undefined && inList && !isNode,
      knownMembers: rule.knownMembers ?? (isNode ? knownItemMembers : undefined),
      // An edge passes the known members on to its node.
      knownItemMembers: isNode ? undefined : knownItemMembers,
    };
  }

  /** Adds the calls of a field that reads a list to its end and returns no connection. */
  #countList(field: ListField, list: ListRule, scope: SelectionScope): void {
    const isScanned = this.#isScanned(list, field.args, scope);
    const cost = { objects: scope.count, readsWholeList: true, isScanned, ...this.#settings };
    this.#chargeList(field, list, connectionCost(list, { ...field.args, first: 1 }, cost), scope);
  }

  #chargeList(
    { rule, args, parent }: ListField,
    list: ListRule,
    { calls, callsOf, isRead }: ConnectionCost,
    scope: SelectionScope,
  ): void {
    if (!isRead) return;
    const maxObjects = this.#types.maxDistinct(parent, scope);
    const argsKey = callsOf && Number.isFinite(maxObjects) ? argumentsKey(args) : undefined;
    const scan = args['after'] == null ? list.scan : undefined;
    if (callsOf === undefined || argsKey === undefined) {
      this.#totals.addCalls(scope, calls);
      if (scan !== undefined) this.#totals.addToForecast(scan, scope.count);
      return;
    }
    this.#totals.addSharedLists(
      scope,
      { rule, variant: `${parent.name} ${argsKey}`, scan },
      { calls, maxCalls: callsOf(maxObjects), objects: scope.count, maxObjects },
    );
  }

  /** Adds the calls that read each object by `times` ids, for at most `maxObjects` objects in the whole operation. */
  #addReads(
    typenames: readonly string[],
    scope: Omit<SelectionScope, 'knownMembers'>,
    times: number,
    maxObjects = Number.POSITIVE_INFINITY,
  ): void {
    const repeated = typenames.filter((typename) => maxObjectsOf(typename) > 1);
    for (const typename of typenames)
      if (maxObjectsOf(typename) === 1 && repeated.length === 0) this.#totals.addCallsOnce(scope, typename);
    if (repeated.length > 0) this.#totals.addObjects(scope, repeated, times * scope.count, maxObjects);
  }
}
