import type { Context, SubscribePayload } from 'graphql-ws';
import type { FetchAPI } from 'graphql-yoga';
import { PRINCIPAL_HEADER } from '../plugins/use-principal.ts';
import { REQUEST_ID_HEADER } from '../plugins/use-request-id.ts';
import { TRACE_HEADERS } from '../plugins/use-tracing.ts';
import type { Connection } from './operations.ts';

/** Headers that an operation may bring along in `extensions.headers`, as GraphiQL sends what its headers editor holds. */
const OPERATION_HEADERS = ['authorization', PRINCIPAL_HEADER, REQUEST_ID_HEADER, ...TRACE_HEADERS, 'cache-control'];

/** What a client says in `connectionParams`, in either spelling; a browser's WebSocket has no headers of its own. */
export function authorizationOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const said = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  // What cannot be a header is a credential that nobody has.
  return said == null ? undefined : typeof said === 'string' && /^[ -~]+$/.test(said) ? said : 'unreadable';
}

/**
 * The HTTP request that would have carried an operation which came over a WebSocket, so that plugins need not know the difference:
 * the headers of the request that opened the socket, then what `connectionParams` says, then what the operation itself says.
 */
export function operationRequest(
  fetchAPI: FetchAPI,
  path: string,
  { connectionParams, extra }: Context<Record<string, unknown> | undefined, Connection>,
  payload: SubscribePayload,
  signal: AbortSignal,
): Request {
  const headers = new fetchAPI.Headers(extra.headers);
  const authorization = authorizationOf(connectionParams);
  if (authorization !== undefined) headers.set('authorization', authorization);
  const named = connectionParams?.['principal'];
  // A name of another type is as unknown as one that is not configured; its text makes the error that says so.
  if (named != null)
    headers.set(PRINCIPAL_HEADER, encodeURIComponent(typeof named === 'string' ? named : JSON.stringify(named)));
  const own: unknown = payload.extensions?.['headers'];
  if (typeof own === 'object' && own !== null) {
    for (const [name, value] of Object.entries(own)) {
      if (OPERATION_HEADERS.includes(name.toLowerCase()) && typeof value === 'string') headers.set(name, value);
    }
  }
  return new fetchAPI.Request(`http://localhost${path}`, { method: 'POST', headers, signal });
}
