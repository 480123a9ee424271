import type { ServerPlugin } from './plugin.ts';

/** Leads somebody who opens the bare address to the graph. */
export function useRootRedirect(endpoint: string): ServerPlugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/' || request.method !== 'GET') return;
      endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: endpoint } }));
    },
  };
}
