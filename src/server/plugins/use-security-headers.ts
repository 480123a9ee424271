import type { ServerPlugin } from './plugin.ts';

/** What is not GraphiQL is no page: if a browser takes it for one, it loads and runs nothing. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** No page may frame GraphiQL (clickjacking), and nothing is taken for another type than it is sent as. */
export function useSecurityHeaders(): ServerPlugin {
  return {
    onResponse({ response }) {
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('x-frame-options', 'DENY');
      response.headers.set('referrer-policy', 'no-referrer');
      response.headers.set('cross-origin-opener-policy', 'same-origin');
      if (!response.headers.has('content-security-policy')) response.headers.set('content-security-policy', NOTHING);
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
    },
  };
}
