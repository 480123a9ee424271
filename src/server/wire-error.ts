import { GraphQLError } from 'graphql';

/** An error as it is sent: without the extensions that are meant for the server itself. Yoga does this for the errors of a whole result. */
export function toWireError(error: GraphQLError): GraphQLError {
  const { http, unexpected, ...extensions } = error.extensions;
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions,
  });
}
