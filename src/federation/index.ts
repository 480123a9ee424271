import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isObjectType,
} from 'graphql';
import type { GraphContext } from '../schema/context.ts';
import { noCalls } from '../schema/cost/rules.ts';
import type { Entity } from '../schema/entity.ts';
import { badInput, nodeNames } from '../schema/ids.ts';
import { loadObjects, objectListCost, type ReferenceList } from '../schema/load-objects.ts';
import { requires } from '../schema/scopes.ts';
import { Any, entityType, type Representation } from './representation.ts';
import { printSubgraph } from './subgraph-sdl.ts';

export { printSubgraph } from './subgraph-sdl.ts';

export interface SubgraphOptions {
  /** Whether clients may read the schema. `_service` returns it otherwise than introspection does. */
  readonly introspection: boolean;
}

/**
 * Returns the schema as a subgraph of Federation 2: with `Query._service` and `Query._entities`. It shares all types
 * but Query with the given schema.
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export function createSubgraph(schema: GraphQLSchema, { introspection }: SubgraphOptions): GraphQLSchema {
  const config = schema.toConfig();
  const query = config.query?.toConfig();
  if (!query) throw new TypeError('the schema has no Query');
  const federated = new GraphQLObjectType({
    ...query,
    fields: { ...query.fields, _service: serviceField(schema, introspection), _entities: entitiesField(schema) },
  });
  return new GraphQLSchema({
    ...config,
    query: federated,
    types: config.types.map((type) => (type.name === federated.name ? federated : type)),
  });
}

function serviceField(schema: GraphQLSchema, introspection: boolean) {
  let sdl: string | undefined;
  return {
    type: new GraphQLNonNull(
      new GraphQLObjectType<unknown, GraphContext>({
        name: '_Service',
        description: 'What a gateway reads to compose a supergraph.',
        fields: {
          sdl: {
            type: GraphQLString,
            description: 'The schema of this subgraph, with the directives of Federation.',
            extensions: noCalls,
            resolve() {
              if (!introspection) {
                throw badInput(
                  '_service.sdl',
                  'this gateway does not show its schema (introspection: false); ' +
                    'print it with `orgql schema --federation` instead.',
                );
              }
              sdl ??= printSubgraph(schema);
              return sdl;
            },
          },
        },
      }),
    ),
    description: 'The schema of this subgraph.',
    extensions: { ...noCalls, ...requires(null) },
    resolve: () => ({}),
  };
}

const references: ReferenceList<Representation> = {
  argument: '_entities(representations:)',
  items: 'representations',
  read: ({ representations }) => representations,
  idOf: ({ id }) => id,
  typeOf: entityType,
  invalid: () => null,
};

function entitiesField(schema: GraphQLSchema) {
  const types = nodeNames.map((name) => schema.getType(name)).filter(isObjectType);
  return {
    type: new GraphQLNonNull(
      new GraphQLList(
        new GraphQLUnionType({
          name: '_Entity',
          description: 'The types that other subgraphs can refer to and extend: all that implement `Node`.',
          types,
          resolveType: ({ typename }: Entity) => typename,
        }),
      ),
    ),
    description:
      'Objects by their keys, in the order of the keys; null for each that the principal cannot see. As many at once as the largest `first` that the gateway allows (`graph.maxFirst`).',
    args: { representations: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Any))) } },
    extensions: objectListCost(references),
    resolve: (
      _root: unknown,
      { representations }: { readonly representations: readonly Representation[] },
      context: GraphContext,
    ) => loadObjects(references, representations, context),
  };
}
