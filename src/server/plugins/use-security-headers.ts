import type { ServerPlugin } from './plugin.ts';

/** No page may frame GraphiQL (clickjacking), and nothing is taken for another type than it is sent as. */
export function useSecurityHeaders(): ServerPlugin {
  return {
    onResponse({ response }) {
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('x-frame-options', 'DENY');
      response.headers.set('referrer-policy', 'no-referrer');
    },
  };
}
