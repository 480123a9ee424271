import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { ENDPOINT, type GraphQLServer } from '../graphql.ts';
import { CONNECTION_INIT_TIMEOUT_MS, GRACE_MS, MAX_MESSAGE_BYTES } from '../limits.ts';
import type { ServerParts } from '../parts.ts';
import { isCrossOrigin, isOwnHost } from '../web-origin.ts';
import { CloseCode } from './close-codes.ts';
import { type Connection, operationOptions } from './operations.ts';
import { openSocket } from './socket.ts';

export interface WebSockets {
  /** Closes every connection with 1001 and takes no more; resolves when all are closed, after `GRACE_MS` at the latest. */
  goAway(): Promise<void>;
}

/** Serves GraphQL over WebSocket (graphql-transport-ws) on the endpoint of an HTTP server. */
export function attachWebSockets(http: Server, graphql: GraphQLServer, parts: ServerParts): WebSockets {
  const protocol = makeServer<Record<string, unknown> | undefined, Connection>({
    ...operationOptions(graphql, parts),
    connectionInitWaitTimeout: CONNECTION_INIT_TIMEOUT_MS,
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: MAX_MESSAGE_BYTES });
  let goingAway = false;

  http.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    // Without a listener, a client that resets now would end the process.
    raw.on('error', (err) => parts.log.debug({ err }, 'socket'));
    const refusal = goingAway ? '503 Service Unavailable' : refuse(request, parts.config.host);
    if (refusal) return void raw.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, raw, head, (socket) => openSocket(protocol, socket, request, parts.log));
  });

  return {
    async goAway() {
      goingAway = true;
      await Promise.all([...sockets.clients].map(closeSocket));
    },
  };
}

function refuse(request: IncomingMessage, listeningOn: string): string | undefined {
  const headers = { get: (name: string) => request.headers[name]?.toString() };
  if (request.url?.split('?')[0] !== ENDPOINT) return '404 Not Found';
  if (!isOwnHost(listeningOn, request.headers.host)) return '421 Misdirected Request';
  if (isCrossOrigin(headers)) return '403 Forbidden';
  return undefined;
}

function closeSocket(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => socket.terminate(), GRACE_MS);
    socket.once('close', () => {
      clearTimeout(late);
      resolve();
    });
    socket.close(CloseCode.GoingAway, 'The gateway is going away; connect again.');
  });
}
