import { createGraphQLError } from 'graphql-yoga';
import { isCrossOrigin } from '../web-origin.ts';
import type { ServerPlugin } from './plugin.ts';

/** Media types of a POST that a page of another origin cannot send without asking first (CORS preflight, which is refused). */
const JSON_TYPES = new Set(['application/json', 'application/graphql+json']);

/**
 * Keeps pages of other origins from running operations with the reader's network position (cross-site request forgery):
 * nothing that a browser sends for such a page is run, and a POST must be JSON, which forms cannot send.
 */
export function useCsrfPrevention(allowedOrigins: readonly string[]): ServerPlugin {
  return {
    onRequestParse({ request }) {
      if (isCrossOrigin(request.headers, allowedOrigins)) {
        throw refusal(
          403,
          'CROSS_ORIGIN',
          'Requests from pages of another origin are not allowed. Serve the page from this origin, call from a server, or name its origin in allowedOrigins.',
        );
      }
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase();
      if (!type || !JSON_TYPES.has(type)) {
        throw refusal(
          415,
          'UNSUPPORTED_MEDIA_TYPE',
          `POST the operation as JSON: content-type is ${type ?? 'missing'}, expected application/json.`,
        );
      }
    },
  };
}

const refusal = (status: number, code: string, message: string) =>
  createGraphQLError(message, { extensions: { code, http: { status } } });
