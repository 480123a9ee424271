import { type ExecutionResult, GraphQLError } from 'graphql';

/** Errors that one result tells of, as many as the largest page has items. Each takes as long as thousands of values, and nobody reads more. */
export const MOST_ERRORS = 1_000;

/** Stands at the end for those that are left out: who takes null for what is not there has to know that there were more. */
export function errorsLeftOut(count: number): GraphQLError {
  return new GraphQLError(
    `${count} more errors are left out, after the first ${MOST_ERRORS}: what is null in this answer may have failed without an error of its own.`,
    { extensions: { code: 'ERRORS_LEFT_OUT', leftOut: count, retryable: false } },
  );
}

/** The same result with no more errors than that, in itself and in each of its pieces. */
export function withMostErrors(
  result: ExecutionResult & { readonly incremental?: readonly ErrorsOf[] },
): ExecutionResult {
  const { incremental } = result;
  if (![result, ...(incremental ?? [])].some(hasTooMany)) return result;
  return { ...cut(result), ...(incremental && { incremental: incremental.map(cut) }) };
}

type ErrorsOf = Pick<ExecutionResult, 'errors'>;

const hasTooMany = ({ errors = [] }: ErrorsOf): boolean => errors.length > MOST_ERRORS;

function cut<Piece extends ErrorsOf>(piece: Piece): Piece {
  const { errors = [] } = piece;
  if (errors.length <= MOST_ERRORS) return piece;
  return { ...piece, errors: [...errors.slice(0, MOST_ERRORS), errorsLeftOut(errors.length - MOST_ERRORS)] };
}
