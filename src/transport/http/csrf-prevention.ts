import { GraphQLError } from 'graphql';
import { type HeaderReader, isCrossOrigin } from '../web-origin.ts';

/** Media types of a POST that a page of another origin cannot send without asking first (CORS preflight, which is refused). */
const JSON_TYPES = new Set(['application/json', 'application/graphql+json']);

/**
 * Keeps pages of other origins from running operations with the reader's network position (cross-site request forgery): nothing that a browser sends for such a page is run, and a POST
 * must be JSON, which forms cannot send. Returns why a request is rejected, from its headers alone.
 */
export function csrfRejection(
  method: string | undefined,
  headers: HeaderReader,
  allowedOrigins: readonly string[],
): GraphQLError | undefined {
  if (isCrossOrigin(headers, allowedOrigins)) {
    return rejection(
      403,
      'CROSS_ORIGIN',
      'Requests from pages of another origin are not allowed. Serve the page from this origin, call from a server, or name its origin in allowedOrigins.',
    );
  }
  if (method !== 'POST') return undefined;
  const type = headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase();
  if (type && JSON_TYPES.has(type)) return undefined;
  return rejection(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    `POST the operation as JSON: content-type is ${type ?? 'missing'}, expected application/json.`,
  );
}

const rejection = (status: number, code: string, message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status } } });
