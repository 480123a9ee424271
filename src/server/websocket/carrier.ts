import type { Context, SubscribePayload } from 'graphql-ws';
import { memberOf } from '../member-of.ts';
import type { Carrier } from '../operation.ts';
import { quoted } from '../quoted.ts';
import { PRINCIPAL_HEADER } from '../steps/principal.ts';
import { REQUEST_ID_HEADER } from '../steps/request-id.ts';
import { TRACE_HEADERS } from '../trace-headers.ts';
import type { Connection } from './operations.ts';

/** Headers that an operation may bring along in `extensions.headers`, as GraphiQL sends what its headers editor holds. */
const OPERATION_HEADERS = new Set([
  'authorization',
  PRINCIPAL_HEADER,
  REQUEST_ID_HEADER,
  ...TRACE_HEADERS,
  'cache-control',
]);

type ConnectionContext = Context<Record<string, unknown> | undefined, Connection>;

/** What a client says in `connectionParams`, in either spelling; a browser's WebSocket has no headers of its own. */
export function authorizationOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const said = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  // What cannot be a header is a credential that nobody has.
  return said == null ? undefined : typeof said === 'string' && /^[ -~]+$/.test(said) ? said : 'unreadable';
}

/**
 * What carries an operation that came over a WebSocket, so that the pipeline need not know the difference: it has
 * the headers of the request that opened the socket, then what `connectionParams` says, then what the operation itself says.
 */
export function webSocketCarrier(
  { connectionParams, extra }: ConnectionContext,
  payload: SubscribePayload,
  departed: AbortSignal,
  socket: NonNullable<Carrier['socket']>,
): Carrier {
  const own = ownHeaders(payload);
  return {
    transport: 'websocket',
    method: 'POST',
    departed,
    socket,
    header(name) {
      const said = own?.get(name);
      if (said !== undefined) return said;
      switch (name) {
        case 'authorization':
          return authorizationOf(connectionParams) ?? extra.headers[name];
        case PRINCIPAL_HEADER:
          return principalOf(connectionParams) ?? extra.headers[name];
        default:
          return extra.headers[name];
      }
    },
  };
}

/** A name of another type is as unknown as one that is not configured; its text makes the error that says so. */
function principalOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const named = connectionParams?.['principal'];
  if (named == null) return undefined;
  return typeof named === 'string' ? named : quoted(named);
}

function ownHeaders({ extensions }: SubscribePayload): ReadonlyMap<string, string> | undefined {
  const headers = memberOf(extensions, 'headers');
  if (typeof headers !== 'object' || headers === null) return undefined;
  const own = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (OPERATION_HEADERS.has(lower) && typeof value === 'string') own.set(lower, value.trim());
  }
  return own;
}
