import { GraphQLError } from 'graphql';

/** What GraphQL over HTTP calls a request error: the document itself is wrong. `spec`: a client that accepts `application/json` only gets status 200 with it. */
export function requestError(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error;
  if (extensions['code'] !== undefined) return error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, code, http: { spec: true, status: 400 } },
  });
}
