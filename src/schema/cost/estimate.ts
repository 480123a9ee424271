import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
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
import { pageSize } from '../loaders/replies.ts';
import { minKeysOf, scannedList } from '../loaders/scan-kinds.ts';
import { collectFields, fragmentsOf, type Selected } from './collect-fields.ts';
import { type ConnectionCost, connectionCost } from './connection-cost.ts';
import { introspectedValues, isIntrospection } from './introspected.ts';
import { type Assumptions, longest, mostDifferentObjects, mostObjects } from './longest.ts';
import { type Allowed, altogetherOf, type CostRule, costRuleOf, type ListRule } from './rules.ts';
import { itemsInTree, type Scope, startOf } from './scope.ts';
import { SharedReads, variantOf } from './shared-reads.ts';
import { TreeValues } from './tree-values.ts';

export interface EstimateSettings extends Assumptions, Allowed {
  /** From how many values on it does not matter any more how many an introspection has. */
  readonly maxValues: number;
}

/** What one field of an operation costs at most, over all objects that it is resolved on. */
export interface FieldCost {
  /** Response keys from the top, as in an error's path, joined with dots. */
  readonly path: string;
  readonly calls: number;
  /** The connections around it, itself included if it is one, with their `first`: what multiplies it. */
  readonly lists: readonly { readonly path: string; readonly first: number }[];
}

export interface Estimate {
  /** The most calls that the operation can make; of a subscription, for one event. Retries and empty pages come on top. */
  readonly calls: number;
  /** The fields that cost anything, the most expensive first. */
  readonly fields: readonly FieldCost[];
  /** The most values that the answer can have: those of lists one by one, objects and null among them. */
  readonly values: number;
  /** The field with the most of them. */
  readonly mostValues: { readonly path: string; readonly values: number };
  /** How many keys of each kind may be loaded that a list scan could answer. */
  readonly forecast: ReadonlyMap<string, number>;
}

/** An operation with more selections than this, fragments spread out, is not worth looking at. */
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
  // What is wrong with the operation or its variables, the executor says; nothing is called for it.
  if (!definition || !root || given.errors)
    return { calls: 0, fields: [], values: 0, mostValues: { path: '', values: 0 }, forecast: new Map() };
  const walk = new Walk(schema, operation.document, given.coerced, settings);
  walk.operation(root, definition.selectionSet, definition.operation);
  return walk.result();
}

class Walk {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #settings: EstimateSettings;
  readonly #fields = new Map<string, FieldCost>();
  readonly #forecast = new Map<string, number>();
  readonly #once = new Set<string>();
  readonly #sharedCalls = new SharedReads();
  readonly #sharedObjects = new SharedReads();
  readonly #treeValues = new TreeValues();
  /** Of arguments that are objects: a variable may be an argument of many fields. */
  readonly #knownItems = new WeakMap<object, number>();
  #writes = false;
  #selections = 0;
  #values = 0;
  #mostValues = { path: '', values: 0 };

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
      // Between two writes nothing read before may be used again.
      if (kind === 'mutation') this.#forget();
      this.#field(selected, scope);
    }
    // A mutation's objects are each read for themselves (GraphContext.forecast).
    if (kind === 'mutation') this.#forecast.clear();
  }

  #forget(): void {
    this.#once.clear();
    this.#sharedCalls.clear();
    this.#sharedObjects.clear();
  }

  result(): Estimate {
    const fields = [...this.#fields.values()].sort((a, b) => b.calls - a.calls);
    let calls = fields.reduce((sum, field) => sum + field.calls, 0);
    // A scan that gives up has made as many calls as direct reads of its keys (loaders/list-scan.ts), and never more than its lists have.
    for (const [kind, count] of this.#forecast) {
      const list = scannedList(kind);
      const pages = list === undefined ? count : Math.ceil(longest(list, this.#settings) / pageSize);
      if (count >= minKeysOf(kind)) calls += Math.min(count, pages);
    }
    const values = this.#values + this.#treeValues.total;
    return { calls, fields, values, mostValues: this.#mostValues, forecast: this.#forecast };
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
    this.#answer(scope);
    const rule = costRuleOf(definition.extensions) ?? {};
    const args = this.#arguments(definition, nodes);
    if (args === undefined) return;
    // A list is looked at item by item wherever the field is resolved. Where the field answers item by item, the items are counted as such.
    if (typeof rule.items !== 'function') this.#answer({ ...scope, places: scope.places * this.#listItems(args) });
    if (rule.calls !== undefined) this.#charge(scope, rule.calls * scope.count);
    if (rule.once !== undefined) this.#chargeOnce(rule.once, scope);
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
      most: this.#settings.maxValues - this.#values,
      argumentsOf: ({ definition, nodes }) => this.#arguments(definition, nodes),
      select: (type, { nodes }) =>
        this.#collect(
          type,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        ),
    });
    this.#answer({ path, places: values, treeLevel });
  }

  /** The objects that a field gives. */
  #below(
    field: Pick<Selected, 'definition' | 'parent'> & {
      readonly rule: CostRule;
      readonly args: Readonly<Record<string, unknown>>;
      readonly selectionSets: readonly SelectionSetNode[];
    },
    type: GraphQLCompositeType,
    { connection: around, ...scope }: Scope,
  ): Scope {
    const { rule, args, definition, parent } = field;
    if (rule.list !== undefined) {
      const selected = this.#collect(type, field.selectionSets);
      const wholeList = selected.some(({ definition: inside }) => costRuleOf(inside.extensions)?.wholeList);
      const isScanned = this.#isScanned(rule.list, args, scope);
      const circumstances = { objects: scope.count, wholeList, isScanned, ...this.#settings };
      const connection = connectionCost(rule.list, args, circumstances);
      const lists = [...scope.lists, { path: scope.path, first: connection.first }];
      this.#chargeList({ rule, list: rule.list, args, parent }, connection, { ...scope, lists });
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
    {
      rule,
      list,
      args,
      parent,
    }: Pick<Selected, 'parent'> & {
      readonly rule: CostRule;
      readonly list: ListRule;
      readonly args: Readonly<Record<string, unknown>>;
    },
    { calls, callsOf }: ConnectionCost,
    scope: Scope,
  ): void {
    const most = this.#mostDifferent(parent, scope);
    const variant = callsOf && Number.isFinite(most) ? variantOf(args) : undefined;
    const isPlanned = list.scan !== undefined && args['after'] == null;
    if (callsOf === undefined || variant === undefined) {
      this.#charge(scope, calls);
      if (isPlanned) this.#expect(list.scan, scope.count);
      return;
    }
    const which = `${parent.name} ${variant}`;
    this.#charge(scope, this.#sharedCalls.charge(rule, which, calls, callsOf(most)));
    if (isPlanned) this.#expect(list.scan, this.#sharedObjects.charge(rule, which, scope.count, most));
  }

  #answer({ path, places, treeLevel }: Pick<Scope, 'path' | 'places' | 'treeLevel'>): void {
    if (treeLevel === undefined) this.#values += places;
    else this.#treeValues.add(treeLevel, places);
    if (places > this.#mostValues.values) this.#mostValues = { path, values: places };
  }

  /** How many items the lists in an argument have, at any depth. */
  #listItems(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 0;
    const known = this.#knownItems.get(value);
    if (known !== undefined) return known;
    let items = Array.isArray(value) ? value.length : 0;
    for (const member of Object.values(value)) items += this.#listItems(member);
    this.#knownItems.set(value, items);
    return items;
  }

  #arguments(definition: GraphQLField<unknown, unknown>, [node]: Selected['nodes']) {
    try {
      return node && getArgumentValues(definition, node, this.#variables);
    } catch {
      // A wrong argument is the executor's to refuse; nothing is called for it.
      return undefined;
    }
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
      if (mostObjects(typename) === 1 && repeated.length === 0) this.#chargeOnce(typename, scope);
    if (repeated.length === 0) return;
    const wanted = times * scope.count;
    const objects = Number.isFinite(most) ? this.#sharedObjects.charge(repeated.join(), '', wanted, most) : wanted;
    for (const typename of repeated) this.#expect(typename, objects);
    this.#charge(scope, objects);
  }

  #itemsOf({ items }: CostRule, args: Readonly<Record<string, unknown>>): number {
    return typeof items === 'function' ? items(args, this.#settings) : (items ?? 1);
  }

  #expect(kind: string, count: number): void {
    if (count > 0) this.#forecast.set(kind, (this.#forecast.get(kind) ?? 0) + count);
  }

  #chargeOnce(read: string, scope: Omit<Scope, 'knows'>): void {
    if (this.#once.has(read)) return;
    this.#once.add(read);
    this.#charge(scope, 1);
  }

  #charge({ path, lists }: Omit<Scope, 'knows'>, calls: number): void {
    if (calls > 0) this.#fields.set(path, { path, calls: calls + (this.#fields.get(path)?.calls ?? 0), lists });
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
