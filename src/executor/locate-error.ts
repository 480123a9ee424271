import { type FieldNode, GraphQLError, locatedError } from 'graphql';
import { placeAt } from './error-at.ts';

/** Errors without a message, at the places of fields: their lines and columns are worked out once per field, and not for each item of a list. */
const places = new WeakMap<readonly FieldNode[], GraphQLError>();

/** graphql-js's `locatedError`, in time that does not depend on the size of the document. */
export function locateError(
  cause: unknown,
  nodes: readonly FieldNode[],
  path: readonly (string | number)[],
): GraphQLError {
  // What is no error, or is located already, is rare.
  if (!(cause instanceof Error) || ('path' in cause && Array.isArray(cause.path)))
    return locatedError(cause, nodes, path);
  const error = new GraphQLError(cause.message, { path, originalError: cause });
  placeAt(error, cause instanceof GraphQLError && cause.nodes !== undefined ? cause : placeOf(nodes));
  return error;
}

function placeOf(nodes: readonly FieldNode[]): GraphQLError {
  let place = places.get(nodes);
  if (place === undefined) {
    place = new GraphQLError('', { nodes });
    places.set(nodes, place);
  }
  return place;
}
