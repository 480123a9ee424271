import type { GraphQLError } from 'graphql';
import { boundedError, errorAt, placeAt } from '../error-at.ts';

/**
 * What GraphQL over HTTP calls a request error: the document itself is wrong. `spec`: a client that accepts `application/json` only gets status 200 with it.
 * It may be kept for long, and so holds nothing of the document.
 */
export function requestError(error: GraphQLError, code: string): GraphQLError {
  const { message, locations, extensions } = error;
  if (extensions['code'] !== undefined) return error;
  const made = errorAt(undefined, message, { ...extensions, code, http: { spec: true, status: 400 } });
  placeAt(made, { nodes: undefined, source: undefined, positions: undefined, locations });
  return boundedError(made);
}
