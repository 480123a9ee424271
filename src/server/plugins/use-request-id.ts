import { randomUUID } from 'node:crypto';
import type { ServerPlugin } from './plugin.ts';

/** The header that a request's id comes in and goes back in; a WebSocket's operations have it in `extensions.headers`. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What may stand in a log line: what proxies and clients make, and nothing that could be taken for anything else. */
const WELL_FORMED = /^[\w.:+/=@-]{1,128}$/;

/** Gives every operation an id that its log lines have: the one that the client, or a proxy before us, has given it, else a new one. */
export function useRequestId(): ServerPlugin {
  const ids = new WeakMap<Request, string>();
  const idOf = (request: Request) => {
    let id = ids.get(request);
    if (id === undefined) {
      const given = request.headers.get(REQUEST_ID_HEADER);
      id = given !== null && WELL_FORMED.test(given) ? given : randomUUID();
      ids.set(request, id);
    }
    return id;
  };
  return {
    onParams({ request, context }) {
      context.requestId = idOf(request);
    },
    onResponse({ request, response }) {
      response.headers.set(REQUEST_ID_HEADER, idOf(request));
    },
  };
}
