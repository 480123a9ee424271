import { builder } from './builder.ts';
import type { GraphContext } from './context.ts';
import { upstreamCost } from './cost/rules.ts';
import { type Entity, load } from './entity.ts';
import { badInput, expectNodeId, type NodeName, typeOfId } from './ids.ts';
import { NodeRef } from './refs.ts';
import { requires } from './scopes.ts';

NodeRef.implement({
  description:
    "An object with an id. The ids are AWS's own: they are globally unique and say their type by their shape.",
  resolveType: (entity) => entity.typename,
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "AWS's own id of the object." }),
  }),
});

/** The types of those texts that are ids. */
const typesOf = (ids: readonly unknown[]): readonly NodeName[] =>
  ids.flatMap((id) => (typeof id === 'string' && typeOfId(id)) || []);

/** Keyed by the list, as one variable may be the argument of many aliases. */
const typesOfList = new WeakMap<readonly unknown[], readonly NodeName[]>();

/** The types of the ids in a list; none if the field rejects the list for its length. */
function typesOfAll(ids: unknown, maxFirst: number): readonly NodeName[] {
  if (!Array.isArray(ids) || ids.length > maxFirst) return [];
  let types = typesOfList.get(ids);
  if (types === undefined) {
    types = typesOf(ids);
    typesOfList.set(ids, types);
  }
  return types;
}

type Found = Entity | null | Promise<Entity | null> | Error;

/** A malformed id is an error in its own place of the list; the others are not affected. */
function loadOrError(context: GraphContext, id: string): Found {
  try {
    return load(context, expectNodeId('nodes(ids:)', id), id);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

builder.queryField('node', (t) =>
  t.field({
    type: NodeRef,
    description: 'Any object by its id; null when there is none that the principal can see. Costs one Describe call.',
    args: { id: t.arg.id({ required: true, description: 'An id of AWS Organizations, such as `ou-ab12-11111111`.' }) },
    extensions: { ...upstreamCost({ typesReadById: ({ id }) => typesOf([id]) }), ...requires('read') },
    resolve: (_root, { id }, context) => load(context, expectNodeId('node(id:)', id), id),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [NodeRef],
    nullable: { list: false, items: true },
    description:
      'Objects by their ids, in the order of the ids; null for each that the principal cannot see. As many at once as the largest `first` that the gateway allows (`graph.maxFirst`).',
    args: {
      ids: t.arg.idList({
        required: true,
        description: 'Ids of AWS Organizations. One that occurs twice is read once.',
      }),
    },
    extensions: {
      ...upstreamCost({
        typesReadById: ({ ids }, { maxFirst }) => typesOfAll(ids, maxFirst),
        // A malformed id is a value of the answer, too.
        items: ({ ids }) => (Array.isArray(ids) ? ids.length : 0),
      }),
      ...requires('read'),
    },
    resolve(_root, { ids }, context) {
      const { maxFirst } = context.settings;
      if (ids.length > maxFirst) {
        throw badInput(
          'nodes(ids:)',
          `${ids.length} ids are above this gateway's maximum of ${maxFirst} (graph.maxFirst); ask for the rest in further operations.`,
        );
      }
      // An id may occur a thousand times.
      const found = new Map<string, Found>();
      for (const id of ids) if (!found.has(id)) found.set(id, loadOrError(context, id));
      // Pothos's types do not say that an error in a list is its item's failure, as it is for every executor.
      return ids.map((id) => found.get(id) as Exclude<Found, Error>);
    },
  }),
);
