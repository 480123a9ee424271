import type { ExecutionResult, GraphQLError } from 'graphql';
import { toWireError } from '../wire-error.ts';

/** A result of `@defer` and `@stream`, as Yoga's executor makes it. */
export interface ResultInPieces extends ExecutionResult {
  readonly incremental?: readonly Piece[];
}

interface Piece {
  readonly errors?: readonly GraphQLError[];
}

/** The same, with the errors of its pieces as their receiver may read them. */
export function maskPieces(result: ResultInPieces, maskError: (error: unknown) => GraphQLError): ResultInPieces {
  if (result.incremental === undefined) return result;
  const masked = (piece: Piece): Piece =>
    piece.errors === undefined
      ? piece
      : { ...piece, errors: piece.errors.map((error) => toWireError(maskError(error))) };
  return { ...result, incremental: result.incremental.map(masked) };
}
