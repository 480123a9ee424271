import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { ENDPOINT } from '../endpoint.ts';
import type { GraphQLServer } from '../graphql.ts';
import { CLOSE_TIMEOUT_MS } from '../limits.ts';
import type { ServerParts } from '../parts.ts';
import { isCrossOrigin, isOwnHost } from '../web-origin.ts';
import { CloseCode } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { FullHouse } from './full-house.ts';
import { Line } from './line.ts';
import { operationOptions } from './operations.ts';
import type { RunningOperations } from './running-operations.ts';
import { openSocket } from './socket.ts';

export interface WebSockets {
  /** Takes no more connections, and closes every one with 1001 as soon as no query or mutation runs on it; resolves when all are closed. */
  goAway(): Promise<void>;
  /** Lets `goAway` wait for nothing more. */
  closeNow(): void;
}

/** Serves GraphQL over WebSocket (graphql-transport-ws) on the endpoint of an HTTP server. */
export function attachWebSockets(
  http: Server,
  graphql: GraphQLServer,
  parts: ServerParts,
  leaving: AbortSignal,
): WebSockets {
  const { limits } = parts.config;
  const protocol = makeServer<Record<string, unknown> | undefined, Connection>({
    ...operationOptions(graphql, parts),
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: limits.bodyBytes });
  const connections = new Map<WebSocket, Connection>();
  const full = new FullHouse(limits.connections, parts);

  // These two apart from the request, which would be kept as long as the connection.
  const note = (err: Error) => parts.log.debug({ err }, 'socket');
  function take(socket: WebSocket, connection: Connection): void {
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      full.eased(connections.size);
    });
  }

  http.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    // Without a listener, a client that resets now would end the process.
    raw.on('error', note);
    const isFull = connections.size >= limits.connections;
    if (isFull && !leaving.aborted) full.met();
    const refusal = leaving.aborted || isFull ? '503 Service Unavailable' : refuse(request, parts.config);
    if (refusal) return void raw.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const line = new Line(socket, raw);
      take(socket, openSocket(protocol, socket, line, request.headers, parts.log, limits.pingIntervalMs));
    });
  });

  return {
    async goAway() {
      await Promise.all([...connections].map(([socket, { running }]) => closeWhenDone(socket, running)));
    },
    closeNow() {
      for (const socket of connections.keys()) close(socket);
    },
  };
}

function refuse(request: IncomingMessage, config: ServerParts['config']): string | undefined {
  const headers = { get: (name: string) => request.headers[name]?.toString() };
  if (request.url?.split('?')[0] !== ENDPOINT) return '404 Not Found';
  if (!isOwnHost(config, request.headers.host)) return '421 Misdirected Request';
  if (isCrossOrigin(headers, config.allowedOrigins)) return '403 Forbidden';
  return undefined;
}

function closeWhenDone(socket: WebSocket, running: RunningOperations): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    // The last operation's `complete` is sent in the same turn as it ends.
    running.finiteEnded().then(() => setImmediate(() => close(socket)));
  });
}

function close(socket: WebSocket): void {
  const late = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(late));
  socket.close(CloseCode.GoingAway, 'The gateway is going away; connect again.');
}
