import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { TextResult } from '../../executor/index.ts';

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

/** A result as it is sent. */
export function resultText(result: ExecutionResult): string {
  if (result instanceof TextResult) return result.toJsonText(toWireError);
  return JSON.stringify(result.errors === undefined ? result : { ...result, errors: result.errors.map(toWireError) });
}

/** The same in UTF-8. */
export function resultBytes(result: ExecutionResult): Buffer {
  return result instanceof TextResult ? result.toBytes(toWireError) : Buffer.from(resultText(result));
}
