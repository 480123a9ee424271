import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Piece, ResultInPieces } from './pieces.ts';
import { TextResult } from './text-result.ts';
import { weightOf } from './weight.ts';

/** What an answer that is too large is replaced with. The operation has run: a mutation is not undone. */
export function responseTooLarge(maximum: number): GraphQLError {
  return new GraphQLError(
    `The answer has more than the ${maximum} bytes that this gateway allows (limits.responseBytes). The operation has been carried out; ask for fewer items, or for fewer fields of each.`,
    { extensions: { code: 'RESPONSE_TOO_LARGE', maximum, retryable: false } },
  );
}

/** A character has at most three bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;
/** JSON text is at most as many times longer than a value in memory: control characters are escaped with six characters. */
const TEXT_PER_WEIGHT = 6;

/** The result, or an error instead of it when it has more than `maximum` bytes; the same for each of its pieces. */
export function withinSize(result: ResultInPieces, maximum: number): ResultInPieces {
  if (result instanceof TextResult) {
    const { text } = result;
    const isTooLarge =
      text.length > maximum || (text.length * BYTES_PER_CHARACTER > maximum && Buffer.byteLength(text) > maximum);
    return isTooLarge ? new TextResult(null, [responseTooLarge(maximum)], result.extensions) : result;
  }
  if (weightOf(result.data, maximum) * TEXT_PER_WEIGHT > maximum && sizeOf(result.data) > maximum)
    return { ...result, data: null, errors: [responseTooLarge(maximum)] };
  if (result.incremental === undefined) return result;
  return { ...result, incremental: result.incremental.map((piece) => pieceWithin(piece, maximum)) };
}

function pieceWithin(piece: Piece, maximum: number): Piece {
  const { data, items } = piece;
  const value = items ?? data;
  if (weightOf(value, maximum) * TEXT_PER_WEIGHT <= maximum || sizeOf(value) <= maximum) return piece;
  return { ...piece, ...(items === undefined ? { data: null } : { items: null }), errors: [responseTooLarge(maximum)] };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** Whether it stands for an answer that was too large. */
export const isTooLarge = ({ errors }: ExecutionResult): boolean =>
  errors?.[0]?.extensions['code'] === 'RESPONSE_TOO_LARGE';
