import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorsLeftOut, MAX_ERRORS, TextResult } from '../../executor/index.ts';
import { errorAt } from '../errors.ts';
import { weightOf } from '../json-weight.ts';

/** A result of `@defer` and `@stream`, as Yoga's executor makes it. */
export interface IncrementalResult extends ExecutionResult {
  readonly incremental?: readonly IncrementalPart[];
}

interface IncrementalPart extends Pick<ExecutionResult, 'data'> {
  readonly items?: unknown;
  readonly errors?: readonly GraphQLError[];
}

/** Masks the errors of a result and its parts. */
export function maskParts(result: IncrementalResult, maskError: (error: unknown) => GraphQLError): IncrementalResult {
  if (result.incremental === undefined) return result;
  // Yoga formats only the errors of a whole result.
  const masked = (error: GraphQLError): GraphQLError => {
    const { message, extensions = {} } = toWireError(maskError(error));
    return errorAt(error, message, extensions);
  };
  return {
    ...result,
    incremental: result.incremental.map((part) =>
      part.errors === undefined ? part : { ...part, errors: part.errors.map(masked) },
    ),
  };
}

/** Limits the errors of a result and of each of its parts, and relocates those that stay. */
export function limitErrors(
  result: IncrementalResult,
  relocate: (error: GraphQLError) => GraphQLError,
): IncrementalResult {
  const limited = <Part extends Pick<ExecutionResult, 'errors'>>(part: Part): Part => {
    if (part.errors === undefined) return part;
    const errors = part.errors.slice(0, MAX_ERRORS).map(relocate);
    const leftOut = part.errors.length - errors.length;
    return { ...part, errors: leftOut > 0 ? [...errors, errorsLeftOut(leftOut)] : errors };
  };
  const { incremental } = result;
  return incremental === undefined ? limited(result) : { ...limited(result), incremental: incremental.map(limited) };
}

/** The error instead of a too large response; its operation has run. */
export function responseTooLarge(maximum: number): GraphQLError {
  return new GraphQLError(
    `The response exceeds ${maximum} bytes (limits.responseBytes), but the operation was executed. Select fewer items, or fewer fields of each.`,
    { extensions: { code: 'RESPONSE_TOO_LARGE', maximum, retryable: false } },
  );
}

export const isTooLarge = ({ errors }: ExecutionResult): boolean =>
  errors?.[0]?.extensions['code'] === 'RESPONSE_TOO_LARGE';

/** A character has at most three bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;
/** JSON text is at most so many times longer than a value in memory (escaped control characters). */
const TEXT_PER_WEIGHT = 6;

/** The result, or an error instead of it when it has more than `maximum` bytes; the same for each of its parts. */
export function limitSize(result: IncrementalResult, maximum: number): IncrementalResult {
  if (result instanceof TextResult) {
    const { text } = result;
    const isOver =
      text.length > maximum || (text.length * BYTES_PER_CHARACTER > maximum && Buffer.byteLength(text) > maximum);
    return isOver ? new TextResult(null, [responseTooLarge(maximum)], result.extensions) : result;
  }
  if (isLarger(result.data, maximum)) return { ...result, data: null, errors: [responseTooLarge(maximum)] };
  if (result.incremental === undefined) return result;
  return { ...result, incremental: result.incremental.map((part) => limitPartSize(part, maximum)) };
}

function limitPartSize(part: IncrementalPart, maximum: number): IncrementalPart {
  const { data, items } = part;
  if (!isLarger(items ?? data, maximum)) return part;
  return { ...part, ...(items === undefined ? { data: null } : { items: null }), errors: [responseTooLarge(maximum)] };
}

const isLarger = (value: unknown, maximum: number): boolean =>
  weightOf(value, maximum) * TEXT_PER_WEIGHT > maximum && Buffer.byteLength(JSON.stringify(value) ?? '') > maximum;

/** An error as it is sent: without the extensions that are meant for the server itself. */
export function toWireError(error: GraphQLError): GraphQLFormattedError {
  const { http, unexpected, ...extensions } = error.extensions;
  const { message, locations, path } = error;
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
}

/** Whether a result is text already. */
export const isTextResult = (result: ExecutionResult): boolean => result instanceof TextResult;

/** Converts a result for sending. */
export function resultText(result: ExecutionResult): string {
  if (result instanceof TextResult) return result.toJsonText(toWireError);
  return JSON.stringify(result.errors === undefined ? result : { ...result, errors: result.errors.map(toWireError) });
}

/** The same in UTF-8. */
export function resultBytes(result: ExecutionResult): Buffer {
  return result instanceof TextResult ? result.toBytes(toWireError) : Buffer.from(resultText(result));
}
