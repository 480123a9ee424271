import { isOwnHost } from '../web-origin.ts';
import type { ServerPlugin } from './plugin.ts';

/** Refuses requests to a server on loopback under a name that is not loopback's (DNS rebinding). */
export function useOwnHost(listeningOn: string): ServerPlugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      if (isOwnHost(listeningOn, request.headers)) return;
      endResponse(
        new fetchAPI.Response(
          `This server listens on ${listeningOn} only, and does not answer to the host "${request.headers.get('host')}". Use http://localhost or http://127.0.0.1, or start it with --host.\n`,
          { status: 421, headers: { 'content-type': 'text/plain; charset=utf-8' } },
        ),
      );
    },
  };
}
