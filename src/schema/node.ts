import { builder } from './builder.ts';
import { upstreamCost } from './cost/rules.ts';
import { load } from './entity.ts';
import { expectNodeId, type NodeName, typeOfId, unknownId } from './ids.ts';
import { loadObjects, objectListCost, type ReferenceList } from './load-objects.ts';
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

const idList: ReferenceList<string> = {
  argument: 'nodes(ids:)',
  items: 'ids',
  read: ({ ids }) => ids,
  idOf: (id) => id,
  typeOf: (id) => typesOf([id])[0],
  invalid: (id) => unknownId('nodes(ids:)', id),
};

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
    extensions: objectListCost(idList),
    resolve: (_root, { ids }, context) => loadObjects(idList, ids, context),
  }),
);
