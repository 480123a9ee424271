import type { IncomingHttpHeaders } from 'node:http';
import type { Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { carriedHeaders } from './carrier.ts';
import { CloseCode } from './close-codes.ts';
import { Connection } from './connection.ts';
import type { SocketWriter } from './socket-writer.ts';

/** Connects one WebSocket with the protocol's server: messages both ways, pings, and the end of its operations when it closes. */
export function openSocket(
  protocol: Server<Connection>,
  socket: WebSocket,
  writer: SocketWriter,
  headers: IncomingHttpHeaders,
  log: Logger,
  pingIntervalMs: number,
  address: string,
): Connection {
  const connection = new Connection(writer, carriedHeaders(headers), address);
  const ping = keepAlive(socket, pingIntervalMs);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: async (data) => connection.say(data),
      close: (code, reason) => socket.close(code, reason),
      onMessage(handle) {
        socket.on('message', (data) => {
          const text = toText(data);
          handle(connection.received(text)).catch((err: unknown) => {
            if (isOfServer(text)) return socket.close(CloseCode.BadRequest, 'Only servers send messages of this type.');
            log.error({ err }, 'WebSocket message failed');
            socket.close(CloseCode.InternalServerError, 'Internal error; the gateway has logged it.');
          });
        });
      },
    },
    connection,
  );
  // What a client does wrong with frames (too big, not UTF-8, bad opcode): ws closes with the code for it by itself.
  socket.on('error', (err) => log.debug({ err }, 'WebSocket'));
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    connection.validity.end();
    connection.running.leaveAll();
    closed(code, reason.toString()).catch((err: unknown) => log.error({ err }, 'WebSocket did not end well'));
  });
  return connection;
}

/** Messages that a server sends; graphql-ws takes one that a client sends for an error of ours. */
function isOfServer(text: string): boolean {
  const { type }: { type?: unknown } = JSON.parse(text);
  return type === 'next' || type === 'error' || type === 'connection_ack';
}

function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, everyMs);
}

function toText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}
