import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';

/** A list in a result. */
export interface List {
  /** Names of the columns, such as `parent.name`. */
  readonly columns: readonly string[];
  readonly rows: readonly unknown[];
  /** The connection, unless the list is a plain one. */
  readonly connection: Readonly<Record<string, unknown>> | undefined;
}

type Data = Readonly<Record<string, unknown>>;

/** Finds the first list of a result: a connection's `nodes` or `edges`, or a plain list. Otherwise the result is one row. */
export function findList(document: DocumentNode, selections: SelectionSetNode, data: Data): List {
  const fieldsOf = createFieldReader(document);
  const pending: { readonly fields: ReadonlyMap<string, readonly FieldNode[]>; readonly value: Data }[] = [
    { fields: fieldsOf([selections]), value: data },
  ];
  for (const { fields, value } of pending) {
    for (const [name, nodes] of fields) {
      const child = value[name];
      const inner = fieldsOf(nodes.flatMap(({ selectionSet }) => selectionSet ?? []));
      if (Array.isArray(child)) {
        const isEdges = name === 'edges' && inner.has('node');
        const columns = columnsOf(inner, fieldsOf).filter((column) => !isEdges || column.startsWith('node.'));
        return {
          columns: isEdges
            ? columns.map((column) => column.slice('node.'.length))
            : columns.length > 0
              ? columns
              : [name],
          rows: isEdges
            ? child.map((edge) => edge?.node)
            : columns.length > 0
              ? child
              : child.map((item) => ({ [name]: item })),
          connection: name === 'edges' || name === 'nodes' ? value : undefined,
        };
      }
      if (isObject(child)) pending.push({ fields: inner, value: child });
    }
  }
  return { columns: columnsOf(fieldsOf([selections]), fieldsOf), rows: [data], connection: undefined };
}

/** The columns of the object in one field, as a subscription has it. */
export function columnsOfRoot(document: DocumentNode, selections: SelectionSetNode): readonly string[] {
  const fieldsOf = createFieldReader(document);
  const [root] = fieldsOf([selections]).values();
  return columnsOf(fieldsOf((root ?? []).flatMap(({ selectionSet }) => selectionSet ?? [])), fieldsOf);
}

/** The text of a cell: values of nested lists are joined, and objects without columns are JSON. */
export function cellOf(row: unknown, column: string): string {
  const values = column
    .split('.')
    .reduce<readonly unknown[]>(
      (parents, name) => parents.flat(8).map((parent) => (isObject(parent) ? parent[name] : undefined)),
      [row],
    );
  return values
    .flat(8)
    .filter((value) => value !== null && value !== undefined)
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join('; ');
}

type Fields = ReadonlyMap<string, readonly FieldNode[]>;
type FieldReader = (sets: readonly SelectionSetNode[]) => Fields;

/** Returns a function that collects the fields of selection sets by their response names, fragments included. */
function createFieldReader({ definitions }: DocumentNode): FieldReader {
  const fragments = new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet] as const] : [],
    ),
  );
  return (sets) => {
    const fields = new Map<string, FieldNode[]>();
    const seen = new Set<string>();
    const add = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          fields.set(name, [...(fields.get(name) ?? []), selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          add(selection.selectionSet);
        } else if (!seen.has(selection.name.value)) {
          seen.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) add(fragment);
        }
      }
    };
    for (const set of sets) add(set);
    return fields;
  };
}

/** Deeper fields are not columns. Fragments may be cyclic, as the document is validated by the gateway only. */
const MAX_DEPTH = 8;

function columnsOf(fields: Fields, fieldsOf: FieldReader, depth = 0): readonly string[] {
  return [...fields].flatMap(([name, nodes]) => {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (sets.length === 0) return [name];
    if (depth === MAX_DEPTH) return [];
    return columnsOf(fieldsOf(sets), fieldsOf, depth + 1).map((column) => `${name}.${column}`);
  });
}

const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
