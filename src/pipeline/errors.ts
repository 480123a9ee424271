import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { type ErrorPlace, placeAt } from '../executor/index.ts';
import { shortened } from '../schema/quoted.ts';
import type { ErrorCode } from './error-codes.ts';

/** Creates the error of a request beyond a limit: the limit, its value and what to do. */
export function limitError(
  code: Extract<ErrorCode, `${string}_LIMIT_EXCEEDED`>,
  message: string,
  details: {
    readonly maximum: number;
    readonly actual?: number;
    readonly retryAfterMs?: number;
    /** The setting, if the code does not imply it. */
    readonly setting?: string;
  },
) {
  const { retryAfterMs } = details;
  const http =
    retryAfterMs === undefined
      ? { status: 400 }
      : { status: 429, headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } };
  return new GraphQLError(message, {
    extensions: { code, ...details, retryable: retryAfterMs !== undefined, http },
  });
}

/**
 * Converts an error for the caller. GraphQL errors and known failures (of AWS, say) keep message and code. Any other
 * error is a bug: it is logged under an id, and the caller receives only the id.
 */
export function createErrorMask(toGraphQLError: (error: unknown) => GraphQLError | undefined, log: Logger) {
  return function maskError(error: unknown): GraphQLError {
    const located = error instanceof GraphQLError ? error : undefined;
    const origin = rootCause(error);
    if (origin instanceof GraphQLError) return boundedError(withCode(located ?? origin, origin));
    const known = toGraphQLError(origin);
    if (known) return boundedError(errorAt(located, known.message, known.extensions));
    const errorId = randomUUID();
    log.error({ errorId, err: origin, path: located?.path?.map(shortenedKey) }, 'unexpected error');
    return errorAt(located, `Unexpected error. The gateway's log has the details under the id ${errorId}.`, {
      code: 'INTERNAL_SERVER_ERROR',
      errorId,
      unexpected: true,
    });
  };
}

/** An alias may be long. */
const shortenedKey = (key: string | number) => (typeof key === 'string' ? shortened(key) : key);

/** GraphQL wraps what a resolver throws to say where; this is what was thrown. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/**
 * What graphql-js refuses has no code of its own: before it runs anything, a variable of the wrong type; while it
 * runs, an argument that a variable
 * made null. Those have a place in the document from the start; what a field's value is wrong for has none.
 */
function withCode(error: GraphQLError, { nodes }: GraphQLError): GraphQLError {
  if (error.extensions['code'] !== undefined || (error.path !== undefined && nodes === undefined)) return error;
  return errorAt(error, error.message, { ...error.extensions, code: 'BAD_USER_INPUT' });
}

/** Another error at the same place of the document and the response; without one, at none. */
export function errorAt(
  located: GraphQLError | undefined,
  message: string,
  extensions: GraphQLError['extensions'],
): GraphQLError {
  const error = new GraphQLError(message, { path: located?.path ?? null, extensions });
  if (located !== undefined) placeAt(error, located);
  return error;
}

/** Of an error's message, in characters. */
const MAX_MESSAGE = 1_000;
/** Of an error's places in the document: those of a field that is selected often. */
const MAX_LOCATIONS = 20;

/** The same error, small enough to be sent: what a client sent may be quoted in it as a whole. */
function boundedError(error: GraphQLError): GraphQLError {
  const { message, locations } = error;
  const isLong = message.length > MAX_MESSAGE;
  if (!isLong && (locations === undefined || locations.length <= MAX_LOCATIONS)) return error;
  const bounded = errorAt(error, shortened(message, MAX_MESSAGE), error.extensions);
  placeAt(bounded, { ...placeOf(error), locations: locations?.slice(0, MAX_LOCATIONS) });
  return bounded;
}

const placeOf = ({ nodes, source, positions, locations }: GraphQLError): ErrorPlace => ({
  nodes,
  source,
  positions,
  locations,
});

/**
 * What GraphQL over HTTP calls a request error: the document itself is wrong. `spec`: a client that accepts
 * `application/json` only gets status 200 with it. It may be kept for long, and so does not hold the document's tree.
 */
export function requestError(error: GraphQLError, code: ErrorCode): GraphQLError {
  const { message, source, positions, locations, extensions } = error;
  if (extensions['http'] !== undefined) return error;
  // A scalar or an enum may have its own code for a literal that it refuses.
  const made = errorAt(undefined, message, { code, ...extensions, http: { spec: true, status: 400 } });
  placeAt(made, { nodes: undefined, source, positions, locations });
  return boundedError(made);
}
