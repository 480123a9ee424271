import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import type { ServerParts } from '../parts.ts';
import { carriedHeaders } from './carrier.ts';
import type { Connection } from './connection.ts';
import { operationOptions } from './operations.ts';
import { openSocket } from './socket.ts';
import { UnreadSockets } from './unread-sockets.ts';

/** More fragments of a message, and chunks of a frame, than any client sends of `limits.bodyBytes`; each costs memory beside its bytes. */
const MAX_FRAGMENTS = 1_024;
const MAX_CHUNKS = 4_096;

/** Makes a WebSocket of a request for one. `address`: of the client. */
export type TakeConnection = (
  upgrade: { readonly request: IncomingMessage; readonly raw: Duplex; readonly head: Buffer; readonly address: string },
  opened: (socket: WebSocket, connection: Connection) => void,
) => void;

/** The protocol and the WebSockets that it is spoken over. Loaded with the first that is asked for. */
export function createConnectionTaker(graphql: GraphQLServer, parts: ServerParts): TakeConnection {
  const { limits } = parts.config;
  const protocol = makeServer<Record<string, unknown> | undefined, Connection>({
    ...operationOptions(graphql, parts),
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: limits.bodyBytes,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    // Pongs count as buffered bytes.
    autoPong: false,
  });
  const unread = new UnreadSockets();
  return ({ request, raw, head, address }, opened) =>
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const headers = carriedHeaders(request.headers);
      const options = { raw: request.socket, headers, address, parts, unread, scheduler: graphql.scheduler };
      opened(socket, openSocket(protocol, socket, options));
    });
}
