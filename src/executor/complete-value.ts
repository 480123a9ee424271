import {
  defaultTypeResolver,
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLError,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { inspect } from './errors.ts';
import { executeFields, failed, joined, orFailed } from './execute-fields.ts';
import { leafText, stringText } from './json-text.ts';
import {
  type Complete,
  type Completed,
  type FieldPlan,
  grow,
  isPromise,
  type OperationParts,
  type Path,
  ResolveInfo,
  type Run,
  resumed,
  type Text,
} from './run.ts';

/** The field whose value is completed. */
export interface Completing {
  readonly parts: OperationParts;
  readonly field: FieldPlan;
  /** The fields that are selected on objects of a type. */
  readonly fieldsOf: (type: GraphQLObjectType, nodes: readonly FieldNode[]) => readonly FieldPlan[];
}

/** `CompleteValue` of the specification (section 6.4.3), compiled for one type. */
export function completeType(type: GraphQLOutputType, completing: Completing): Complete {
  if (isNonNullType(type)) return completeNonNull(completeType(type.ofType, completing), completing);
  if (isListType(type)) return completeList(type.ofType, completing);
  if (isLeafType(type)) return completeLeaf(type);
  if (isAbstractType(type)) return completeAbstract(type, completing);
  return completeObject(type, completing);
}

// Functions that wait stand apart: a closure inside another function costs each of its calls a context on the heap.
const completedLater = (complete: Complete, run: Run, value: Promise<unknown>, path: Path | undefined) =>
  value.then((resolved) => complete(run, resolved, path));

function completeNonNull(inner: Complete, { field: { parent, definition } }: Completing): Complete {
  const notNull = (text: Text): Text => {
    if (text === null) throw new Error(`Cannot return null for non-nullable field ${parent.name}.${definition.name}.`);
    return text;
  };
  return (run, value, path) => {
    const text = inner(run, value, path);
    return isPromise(text) ? text.then(notNull) : notNull(text);
  };
}

function completeList(itemType: GraphQLOutputType, completing: Completing): Complete {
  const { field } = completing;
  const complete = completeType(itemType, completing);
  const item = { nodes: field.nodes, nullable: !isNonNullType(itemType) };

  const completeItem = (run: Run, value: unknown, path: Path): Completed => {
    // Not thrown, as to throw takes as long as many items.
    if (value instanceof Error) return failed(run, item, path, value);
    try {
      const completed = isPromise(value) ? completedLater(complete, run, value, path) : complete(run, value, path);
      if (typeof completed !== 'object' || completed === null) return completed;
      return orFailed(run, item, path, completed);
    } catch (error) {
      return failed(run, item, path, error);
    }
  };

  /** The items from this one on, and the end of the list. */
  const completeItems = (run: Run, items: readonly unknown[], from: number, path: Path | undefined): Completed => {
    let text = '';
    let pieces: (string | Promise<Text>)[] | undefined;
    let index = from;
    try {
      for (; index < items.length; index += 1) {
        if (run.turns?.mustPause()) {
          pieces ??= [];
          pieces.push(text, completeItemsLater(run, items, index, path));
          return joined(pieces, '');
        }
        if (index > 0) text += ',';
        grow(run, 1);
        const completed = completeItem(run, items[index], { prev: path, key: index, typename: undefined });
        if (typeof completed === 'string') text += completed;
        else if (completed === null) text += 'null';
        else {
          pieces ??= [];
          pieces.push(text, completed);
          text = '';
        }
      }
    } catch (error) {
      // As in graphql-js, the list does not wait for its other items.
      abandon(pieces);
      abandon(items.slice(index + 1));
      throw error;
    }
    text += ']';
    return pieces === undefined ? text : joined(pieces, text);
  };
  const completeItemsLater = async (run: Run, items: readonly unknown[], from: number, path: Path | undefined) => {
    await resumed(run);
    return completeItems(run, items, from, path);
  };
  const opened = (run: Run, value: readonly unknown[], path: Path | undefined): Completed => {
    const items = completeItems(run, value, 0, path);
    return isPromise(items) ? items.then((text) => `[${text}`) : `[${items}`;
  };

  return (run, value, path) => {
    if (value == null) return null;
    if (value instanceof Error) throw value;
    if (typeof value !== 'object' || !(Symbol.iterator in value))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parent.name}.${field.definition.name}".`,
      );
    return opened(run, Array.isArray(value) ? value : [...(value as Iterable<unknown>)], path);
  };
}

/** Handles the rejections of values that are no longer needed: an unhandled one would end the process. */
function abandon(value: unknown): void {
  if (Array.isArray(value)) for (const each of value) abandon(each);
  else if (isPromise(value)) value.then(abandon, () => undefined);
}

function completeLeaf(type: GraphQLLeafType): Complete {
  const counted = (run: Run, text: string): string => {
    grow(run, text.length);
    return text;
  };
  const serialized = (value: unknown): string => {
    const leaf = type.serialize(value);
    if (leaf == null)
      throw new Error(
        `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(leaf)}`,
      );
    return leafText(leaf);
  };
  const slow: Complete = (run, value) => {
    if (value == null) return null;
    if (value instanceof Error) throw value;
    return counted(run, serialized(value));
  };
  // Most leaves are strings, which stay as they are, and enums, which have few values whose texts are always the same.
  if (type === GraphQLString || type === GraphQLID)
    return (run, value, path) => (typeof value === 'string' ? counted(run, stringText(value)) : slow(run, value, path));
  if (!isEnumType(type)) return slow;
  const texts = new Map(type.getValues().map((each) => [each.value, serialized(each.value)]));
  return (run, value, path) => {
    const text = texts.get(value);
    return text === undefined ? slow(run, value, path) : counted(run, text);
  };
}

function completeObject(type: GraphQLObjectType, { parts, field, fieldsOf }: Completing): Complete {
  let fields: readonly FieldPlan[] | undefined;
  const complete = (run: Run, value: unknown, path: Path | undefined): Completed => {
    fields ??= fieldsOf(type, field.nodes);
    return executeFields(parts, run, fields, value, path);
  };
  const { isTypeOf } = type;
  const notOfType = (value: unknown) =>
    new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: field.nodes });

  const completeIf = (is: boolean, run: Run, value: unknown, path: Path | undefined): Completed => {
    if (!is) throw notOfType(value);
    return complete(run, value, path);
  };
  const completeIfLater = (is: Promise<unknown>, run: Run, value: unknown, path: Path | undefined) =>
    is.then((resolved) => completeIf(Boolean(resolved), run, value, path));

  return (run, value, path) => {
    if (value == null) return null;
    if (value instanceof Error) throw value;
    if (isTypeOf == null) return complete(run, value, path);
    const is = isTypeOf(value, run.context, infoOf(parts, run, field, path));
    return isPromise(is) ? completeIfLater(is, run, value, path) : completeIf(is, run, value, path);
  };
}

function completeAbstract(type: GraphQLAbstractType, completing: Completing): Complete {
  const { parts, field } = completing;
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const completes = new Map<string, Complete>();

  const completeAs = (name: unknown, value: unknown): Complete => {
    const known = typeof name === 'string' ? completes.get(name) : undefined;
    if (known !== undefined) return known;
    const runtime = runtimeType(type, name, value, completing);
    const complete = completeObject(runtime, completing);
    completes.set(runtime.name, complete);
    return complete;
  };
  const completeAsLater = (name: Promise<unknown>, run: Run, value: unknown, path: Path | undefined) =>
    name.then((resolved) => completeAs(resolved, value)(run, value, path));

  return (run, value, path) => {
    if (value == null) return null;
    if (value instanceof Error) throw value;
    const name = resolveType(value, run.context, infoOf(parts, run, field, path), type);
    return isPromise(name) ? completeAsLater(name, run, value, path) : completeAs(name, value)(run, value, path);
  };
}

/** The object type of a value of an abstract type. Throws the errors of graphql-js's `ensureValidRuntimeType`. */
function runtimeType(
  type: GraphQLAbstractType,
  name: unknown,
  value: unknown,
  { parts: { schema }, field: { parent, definition, nodes } }: Completing,
): GraphQLObjectType {
  const { name: abstract } = type;
  const must = `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${parent.name}.${definition.name}"`;
  if (name == null)
    throw new GraphQLError(
      `${must}. Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  if (typeof name !== 'string')
    throw new GraphQLError(`${must} with value ${inspect(value)}, received "${inspect(name)}".`);
  const runtime = schema.getType(name);
  if (runtime == null)
    throw new GraphQLError(
      `Abstract type "${abstract}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  if (!isObjectType(runtime))
    throw new GraphQLError(`Abstract type "${abstract}" was resolved to a non-object type "${name}".`, { nodes });
  if (!schema.isSubType(type, runtime))
    throw new GraphQLError(`Runtime Object type "${name}" is not a possible type for "${abstract}".`, { nodes });
  return runtime;
}

/** The field's own `info`, also for an item of the list that it is. */
function infoOf(parts: OperationParts, run: Run, field: FieldPlan, path: Path | undefined): ResolveInfo {
  let own = path;
  while (typeof own?.key === 'number') own = own.prev;
  return new ResolveInfo(parts, run, field, own?.prev);
}
