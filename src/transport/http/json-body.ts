import { GraphQLError } from 'graphql';
import type { Params } from '../../pipeline/operation.ts';

/** The parameters in a body of JSON. Throws a GraphQLError for what is none, and for what is no object. */
export function paramsOfJson(body: string): Params {
  const value = parseJson(body);
  if (Array.isArray(value)) throw badRequest('Batching is not supported.');
  if (typeof value === 'object' && value !== null) return value;
  throw badRequest(`POST body is expected to be object but received ${value === null ? 'null' : typeof value}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser says where; what it says must not be taken for a reason that GraphQL clients know.
    const original = error instanceof Error ? { originalError: { name: error.name, message: error.message } } : {};
    throw new GraphQLError('POST body sent invalid JSON.', {
      extensions: { http: { spec: true, status: 400 }, code: 'BAD_REQUEST', ...original },
    });
  }
}

export const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
