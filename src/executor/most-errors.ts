import { type ExecutionResult, GraphQLError } from 'graphql';
import type { ResultInPieces } from './pieces.ts';

/** Errors that one result tells of, as many as the largest page has items. Each takes as long as thousands of values, and nobody reads more. */
export const MOST_ERRORS = 1_000;

/** Values that may fail in one run, reported or not. To fail takes ten times as long as to be answered. */
export const MAX_FAILURES = 5_000;

/** Of an operation that has ended for its failures, so many of them are reported. */
export const MAX_REPORTED_OF_ABORTED = 10;

export function tooManyFailures(): GraphQLError {
  return new GraphQLError(
    `More than ${MAX_FAILURES} values of the answer have failed, so the operation has ended. Correct what the errors say, or ask for fewer values.`,
    { extensions: { code: 'TOO_MANY_ERRORS', maximum: MAX_FAILURES, retryable: false } },
  );
}

/** Stands at the end for those that are left out: who takes null for what is not there has to know that there were more. */
export function errorsLeftOut(count: number): GraphQLError {
  return new GraphQLError(
    `${count} more errors are left out, after the first ${MOST_ERRORS}: what is null in this answer may have failed without an error of its own.`,
    { extensions: { code: 'ERRORS_LEFT_OUT', leftOut: count, retryable: false } },
  );
}

/** The same result with no more errors than that, in itself and in each of its pieces. `relocate` is called for each of those. */
export function withMostErrors(
  result: ResultInPieces,
  relocate: (error: GraphQLError) => GraphQLError,
): ResultInPieces {
  const { incremental } = result;
  const cut = <Piece extends Pick<ExecutionResult, 'errors'>>(piece: Piece): Piece => {
    if (piece.errors === undefined) return piece;
    const errors = piece.errors.slice(0, MOST_ERRORS).map(relocate);
    const leftOut = piece.errors.length - errors.length;
    return { ...piece, errors: leftOut > 0 ? [...errors, errorsLeftOut(leftOut)] : errors };
  };
  return incremental === undefined ? cut(result) : { ...cut(result), incremental: incremental.map(cut) };
}
