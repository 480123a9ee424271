import { type FieldNode, GraphQLBoolean, GraphQLError, locatedError } from 'graphql';

/** Errors that one result reports. Each takes as long as thousands of values. */
export const MAX_ERRORS = 1_000;

/** Values that may fail in one run, reported or not. To fail takes ten times as long as to be answered. */
export const MAX_FAILURES = 5_000;

/** Of an operation that has ended for its failures, so many of them are reported. */
export const MAX_REPORTED_OF_ABORTED = 10;

export function tooManyFailures(): GraphQLError {
  return new GraphQLError(
    `More than ${MAX_FAILURES} values of the answer have failed, so the operation has ended. Correct what the errors say, or request fewer values.`,
    { extensions: { code: 'TOO_MANY_ERRORS', maximum: MAX_FAILURES, retryable: false } },
  );
}

/** The error of an operation that has ended because its client is gone. It is never received. */
export function clientGone(): GraphQLError {
  return new GraphQLError('The client has disconnected.', { extensions: { code: 'ABORTED', retryable: false } });
}

/** The last error of a result with more than `MAX_ERRORS`: a null in it may have failed. */
export function errorsLeftOut(count: number): GraphQLError {
  return new GraphQLError(
    `${count} more errors are left out, after the first ${MAX_ERRORS}: what is null in this answer may have failed without an error of its own.`,
    { extensions: { code: 'ERRORS_LEFT_OUT', leftOut: count, retryable: false } },
  );
}

/** Where an error stands in the document. */
export type ErrorPlace = Pick<GraphQLError, 'nodes' | 'source' | 'positions' | 'locations'>;

/** Gives an error its place: graphql-js computes it for each error, in time that grows with the document. */
export function placeAt(error: GraphQLError, { nodes, source, positions, locations }: ErrorPlace): void {
  Object.defineProperties(error, {
    nodes: { value: nodes },
    source: { value: source },
    positions: { value: positions },
    locations: { value: locations, enumerable: locations !== undefined },
  });
}

/** An empty error at each field's place: lines and columns are computed once per field, not per item. */
const places = new WeakMap<readonly FieldNode[], GraphQLError>();

/** graphql-js's `locatedError`, in time that does not depend on the size of the document. */
export function locateError(
  cause: unknown,
  nodes: readonly FieldNode[],
  path: readonly (string | number)[],
): GraphQLError {
  // A thrown value that is no error, or an error with a path, is rare.
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

/** Prints a value as graphql-js's messages do. It exports no function for that, but its scalars quote wrong values. */
export function inspect(value: unknown): string {
  try {
    return String(GraphQLBoolean.parseValue(value));
  } catch (error) {
    const { message } = error as Error;
    return message.slice(message.indexOf(': ') + 2);
  }
}
