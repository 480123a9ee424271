import type { GraphQLError } from 'graphql';
import { boundedError, errorAt, placeAt } from '../../executor/error-at.ts';

/**
 * What GraphQL over HTTP calls a request error: the document itself is wrong. `spec`: a client that accepts `application/json` only gets status 200 with it.
 * It may be kept for long, and so does not hold the document's tree.
 */
export function requestError(error: GraphQLError, code: string): GraphQLError {
  const { message, source, positions, locations, extensions } = error;
  if (extensions['http'] !== undefined) return error;
  // A scalar or an enum may have its own code for a literal that it refuses.
  const made = errorAt(undefined, message, { code, ...extensions, http: { spec: true, status: 400 } });
  placeAt(made, { nodes: undefined, source, positions, locations });
  return boundedError(made);
}
