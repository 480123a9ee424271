import type { GraphQLError } from 'graphql';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, load } from './entity.ts';
import { badInput, type NodeName } from './ids.ts';
import { requires } from './scopes.ts';

/** An argument with a list of references to objects. */
export interface ReferenceList<Reference> {
  /** The argument as clients write it, such as `nodes(ids:)`. */
  readonly argument: string;
  /** What its items are called, such as `ids`. */
  readonly items: string;
  readonly read: (args: Readonly<Record<string, unknown>>) => unknown;
  readonly idOf: (reference: Reference) => string;
  /** Returns undefined for a reference that is of no object. */
  readonly typeOf: (reference: Reference) => NodeName | undefined;
  /** The item of the result for such a reference. */
  readonly invalid: (reference: Reference) => GraphQLError | null;
}

/** The extensions of a field that calls `loadObjects`. */
export function objectListCost<Reference>({ read, idOf, typeOf }: ReferenceList<Reference>) {
  /** Keyed by the list, as one variable may be the argument of many aliases. */
  const typesOfList = new WeakMap<readonly Reference[], readonly NodeName[]>();
  const listIn = (args: Readonly<Record<string, unknown>>): readonly Reference[] => {
    const list = read(args);
    return Array.isArray(list) ? list : [];
  };
  return {
    ...upstreamCost({
      typesReadById(args, { maxFirst }) {
        const list = listIn(args);
        // The field rejects such a list.
        if (list.length > maxFirst) return [];
        let types = typesOfList.get(list);
        if (types === undefined) {
          types = list.flatMap((each) => typeOf(each) ?? []);
          typesOfList.set(list, types);
        }
        return types;
      },
      idsReadById: (args) => listIn(args).map(idOf),
      // An invalid reference is a value of the answer, too.
      items: (args) => listIn(args).length,
    }),
    ...requires('read'),
  };
}

type Found = Entity | null | Promise<Entity | null>;

/** Loads objects in the order of their references. A failure is an error in its own place of the list. */
export function loadObjects<Reference>(
  { argument, items, idOf, typeOf, invalid }: ReferenceList<Reference>,
  references: readonly Reference[],
  context: GraphContext,
): Found[] {
  const { maxFirst } = context.settings;
  if (references.length > maxFirst) {
    throw badInput(
      argument,
      `${references.length} ${items} are above this gateway's maximum of ${maxFirst} (graph.maxFirst); ask for the rest in further operations.`,
    );
  }
  // An object may occur a thousand times.
  const loaded = new Map<string, Found | Error>();
  return references.map((reference) => {
    const type = typeOf(reference);
    const id = idOf(reference);
    let found = type === undefined ? rejected(context, `${argument} ${id}`, () => invalid(reference)) : loaded.get(id);
    if (type !== undefined && found === undefined) {
      found = loadOrError(context, type, id);
      loaded.set(id, found);
    }
    // Pothos's types do not say that an error in a list is its item's failure, as it is for every executor.
    return found as Found;
  });
}

/** A response reports no more errors. */
const MAX_REJECTED = 1_000;
const rejectedOf = new WeakMap<GraphContext, Map<string, GraphQLError | null>>();

/** The errors of an operation for invalid references: once for each id of an argument, as aliases may repeat many. */
function rejected(context: GraphContext, key: string, create: () => GraphQLError | null): GraphQLError | null {
  const known = rejectedOf.get(context) ?? new Map<string, GraphQLError | null>();
  rejectedOf.set(context, known);
  const error = known.get(key);
  if (error !== undefined) return error;
  const [first] = known.values();
  if (known.size >= MAX_REJECTED && first !== undefined) return first;
  const created = create();
  known.set(key, created);
  return created;
}

function loadOrError(context: GraphContext, type: NodeName, id: string): Found | Error {
  try {
    return load(context, type, id);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
