import type { ExecutionResult, GraphQLError } from 'graphql';
import { errorAt } from './error-at.ts';
import { toWireError } from './wire-error.ts';

/** A result of `@defer` and `@stream`, as Yoga's executor makes it. */
export interface ResultInPieces extends ExecutionResult {
  readonly incremental?: readonly Piece[];
}

export interface Piece extends Pick<ExecutionResult, 'data'> {
  readonly items?: unknown;
  readonly errors?: readonly GraphQLError[];
}

/** The same, with the errors of its pieces as their receiver may read them. */
export function maskPieces(result: ResultInPieces, maskError: (error: unknown) => GraphQLError): ResultInPieces {
  if (result.incremental === undefined) return result;
  const masked = (piece: Piece): Piece =>
    piece.errors === undefined ? piece : { ...piece, errors: piece.errors.map((error) => sent(maskError(error))) };
  return { ...result, incremental: result.incremental.map(masked) };
}

/** As it is sent: Yoga leaves out what is meant for the server itself in the errors of a whole result alone. */
function sent(error: GraphQLError): GraphQLError {
  const { message, extensions = {} } = toWireError(error);
  return errorAt(error, message, extensions);
}
