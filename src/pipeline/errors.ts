import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { boundedError, errorAt } from '../executor/error-at.ts';
import { shortened } from '../executor/quoted.ts';

/** What a request that asks for too much is answered with: which limit it is, how large, and what to do. */
export function limitError(
  code: `${string}_LIMIT_EXCEEDED`,
  message: string,
  details: {
    readonly maximum: number;
    readonly actual?: number;
    readonly retryAfterMs?: number;
    /** The setting, where the code does not tell. */
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
 * What a caller gets to see of an error. GraphQL errors pass: the query was wrong, or the graph says so. Failures that
 * the graph knows (AWS refused, AWS is down) keep their message and code. Anything else is ours to repair and not the caller's
 * to read: it is logged under an id, and the caller gets the id.
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
    return errorAt(located, `Unexpected error. The gateway's log has it under the id ${errorId}.`, {
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
