import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import type { ServerPlugin } from './plugin.ts';

/** Sends a request's id back with its answer, whatever it is. */
export function useRequestId(idOf: (request: Request) => string): ServerPlugin {
  return {
    onResponse({ request, response }) {
      response.headers.set(REQUEST_ID_HEADER, idOf(request));
    },
  };
}

/** The id of each request, made when it is first asked for. */
export function createRequestIds(): (request: Request) => string {
  const ids = new WeakMap<Request, string>();
  return (request) => {
    let id = ids.get(request);
    if (id === undefined) {
      id = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
      ids.set(request, id);
    }
    return id;
  };
}
