import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { GraphQLServer } from '../graphql.ts';
import { addressOf } from '../http/http-carrier.ts';
import type { ServerParts } from '../parts.ts';
import type { Connection } from './connection.ts';
import { operationOptions } from './operations.ts';
import { openSocket } from './socket.ts';
import { SocketWriter } from './socket-writer.ts';

/** Makes a WebSocket of a request for one, and tells of it. */
export type TakeConnection = (
  request: IncomingMessage,
  raw: Duplex,
  head: Buffer,
  opened: (socket: WebSocket, connection: Connection) => void,
) => void;

/** The protocol and the WebSockets that it is spoken over. Loaded with the first that is asked for. */
export function createConnectionTaker(graphql: GraphQLServer, parts: ServerParts): TakeConnection {
  const { limits } = parts.config;
  const protocol = makeServer<Record<string, unknown> | undefined, Connection>({
    ...operationOptions(graphql, parts),
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: limits.bodyBytes });
  return (request, raw, head, opened) =>
    sockets.handleUpgrade(request, raw, head, (socket) =>
      opened(
        socket,
        openSocket(
          protocol,
          socket,
          new SocketWriter(socket),
          request.headers,
          parts.log,
          limits.pingIntervalMs,
          addressOf(request, parts.addresses),
        ),
      ),
    );
}
