import { type ExecutionResult, GraphQLError } from 'graphql';
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
    piece.errors === undefined ? piece : { ...piece, errors: piece.errors.map((error) => sent(maskError(error))) };
  return { ...result, incremental: result.incremental.map(masked) };
}

/** As it is sent: Yoga leaves out what is meant for the server itself in the errors of a whole result alone. */
function sent(error: GraphQLError): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  const { message, extensions = null } = toWireError(error);
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
