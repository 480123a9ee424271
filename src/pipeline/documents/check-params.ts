import { GraphQLError } from 'graphql';
import type { Params } from '../operation.ts';
import { DOCUMENT_ID, memberOf } from '../operation.ts';

/** Parameters that have been looked at. */
export interface CheckedParams {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const EXPECTED = new Set(['query', 'variables', 'operationName', 'extensions', DOCUMENT_ID]);

/** What GraphQL over HTTP asks of a request's parameters. Throws a GraphQLError that names the one that is wrong. */
export function checkParams(params: Params): CheckedParams {
  const { query, operationName, variables, extensions } = params;
  for (const name in params)
    if (!EXPECTED.has(name) && memberOf(params, name) != null)
      throw badRequest(`Unexpected parameter "${name}" in the request body.`);
  if (query == null) throw badRequest('Must provide query string.', { spec: true });
  if (typeof query !== 'string') throw badRequest(`Expected "query" param to be a string, but given ${typeOf(query)}.`);
  if (operationName != null && typeof operationName !== 'string')
    throw badRequest(`Expected "operationName" param to be a string, but given ${typeOf(operationName)}.`);
  if (!isObjectOrNone(variables))
    throw badRequest(`Expected "variables" param to be empty or an object, but given ${typeOf(variables)}.`);
  if (!isObjectOrNone(extensions))
    throw badRequest(`Expected "extensions" param to be empty or an object, but given ${typeOf(extensions)}.`);
  return { query, operationName: operationName ?? undefined, variables: variables ?? NONE };
}

const NONE = Object.freeze({});

function isObjectOrNone(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function badRequest(message: string, http: { readonly spec?: true } = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_REQUEST', http: { status: 400, ...http, headers: { Allow: 'GET, POST' } } },
  });
}
