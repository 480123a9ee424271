import {
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { printable } from '../config/printable.ts';
import { type NodeName, typeOfId } from '../schema/ids.ts';
import type { ToolDocument } from './read-documents.ts';

/** A mutation of the document, with the arguments that it is called with. */
export interface PlannedMutation {
  readonly mutation: string;
  /** The schema's description of the mutation. */
  readonly description: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Returns the mutations that the operation makes with these variables, in their order. */
export function planMutations(
  schema: GraphQLSchema,
  { document, definition }: ToolDocument,
  given: Readonly<Record<string, unknown>>,
): readonly PlannedMutation[] {
  const defaults = (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  // Without a prototype, an omitted variable called `constructor` has no value either.
  const variables: Readonly<Record<string, unknown>> = Object.assign(
    Object.create(null),
    Object.fromEntries(defaults),
    given,
  );
  const resolveValue = (node: ValueNode): unknown => valueFromASTUntyped(node, variables);
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet] as const] : [],
    ),
  );
  const fields = new Map<string, FieldNode>();
  const add = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      const isLeftOut = selection.directives?.some(({ name, arguments: [condition] = [] }) => {
        const value = condition && resolveValue(condition.value);
        return (name.value === 'skip' && value === true) || (name.value === 'include' && value === false);
      });
      if (isLeftOut) continue;
      if (selection.kind === Kind.FIELD) fields.set((selection.alias ?? selection.name).value, selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet);
      else add(fragments.get(selection.name.value) ?? { kind: Kind.SELECTION_SET, selections: [] });
    }
  };
  add(definition.selectionSet);
  const defined = schema.getMutationType()?.getFields() ?? {};
  // `__typename` is no mutation.
  const mutations = [...fields.values()].filter(({ name }) => Object.hasOwn(defined, name.value));
  return mutations.map(({ name, arguments: nodes = [] }) => ({
    mutation: name.value,
    description: defined[name.value]?.description ?? '',
    // As JSON: an omitted variable leaves its argument or member out, and is null in a list.
    arguments: JSON.parse(
      JSON.stringify(Object.fromEntries(nodes.map((node) => [node.name.value, resolveValue(node.value)]))),
    ),
  }));
}

/** An object that a mutation names, for the words of a preview. */
export interface NamedObject {
  readonly id: string;
  readonly type: NodeName;
  readonly name?: string;
}

/** Objects whose names are read. */
const MAX_OBJECTS = 20;

/** The ids of objects in the arguments of mutations. */
export function idsIn(planned: readonly PlannedMutation[]): readonly string[] {
  const ids = new Set<string>();
  const pending: unknown[] = planned.map((each) => each.arguments);
  for (const value of pending) {
    if (typeof value === 'string' && typeOfId(value) !== undefined) ids.add(value);
    else if (typeof value === 'object' && value !== null) pending.push(...Object.values(value));
  }
  return [...ids].slice(0, MAX_OBJECTS);
}

/** Reads the names of objects; of a handshake its notes. */
export const NAMES = `query NamesForPreview($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on Account { name }
    ... on OrganizationalUnit { name }
    ... on Root { name }
    ... on Policy { name }
    ... on ResponsibilityTransfer { name }
    ... on Handshake { name: notes }
  }
}`;

/** Longer values are cut, and further ones counted: the client has the arguments. */
const MAX_VALUE_CHARACTERS = 500;
const MAX_VALUES = 100;

/** Writes mutations as words, with the names of objects beside their ids. */
export function describeMutations(planned: readonly PlannedMutation[], objects: readonly NamedObject[]): string {
  const labels = new Map(
    objects.map(({ id, type, name }) => [id, `${wordsOf(type)}${name ? ` ${JSON.stringify(name)}` : ''}`]),
  );
  const lines = planned.flatMap(({ mutation, description, arguments: given }) => {
    const values = Object.entries(given)
      .flatMap(leavesOf)
      .map(({ path, value }) => {
        const label = typeof value === 'string' ? labels.get(value) : undefined;
        return `  ${path}: ${cut(JSON.stringify(value))}${label === undefined ? '' : ` (${label})`}`;
      });
    const more = values.length - MAX_VALUES;
    const shown = more > 0 ? [...values.slice(0, MAX_VALUES), `  and ${more} more values`] : values;
    return [`${mutation}: ${description}`, ...shown];
  });
  return lines.map(printable).join('\n');
}

const cut = (text: string): string =>
  text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}… (${text.length} characters)` : text;

/** `OrganizationalUnit` as `organizational unit`. */
const wordsOf = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** Empty lists and objects are leaves: `tags: []` may remove all tags. */
function leavesOf([path, value]: readonly [string, unknown]): readonly Leaf[] {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (members.length === 0) return [{ path, value }];
  return members.flatMap(([name, child]) => leavesOf([`${path}.${name}`, child]));
}
