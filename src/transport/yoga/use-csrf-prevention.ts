import { csrfRejection } from '../http/csrf-prevention.ts';
import type { ServerPlugin } from './plugin.ts';

/** Rejects what pages of other origins send, and POSTs that are not JSON: see `csrfRejection`. */
export function useCsrfPrevention(allowedOrigins: readonly string[]): ServerPlugin {
  return {
    onRequestParse({ request }) {
      const rejection = csrfRejection(request.method, request.headers, allowedOrigins);
      if (rejection !== undefined) throw rejection;
    },
  };
}
