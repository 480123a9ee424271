import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { CloseCode } from './close-codes.ts';
import { closeSocket } from './close-socket.ts';
import { Connection, type ConnectionOptions } from './connection.ts';

/** Connects one WebSocket with the protocol's server: messages both ways, pings, and the end of its operations when it closes. */
export function openSocket(protocol: Server<Connection>, socket: WebSocket, options: ConnectionOptions): Connection {
  const { log, config } = options.parts;
  const connection = new Connection(socket, options);
  const ping = keepAlive(socket, config.limits.pingIntervalMs);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: async (data) => connection.say(data),
      close(code, reason) {
        if (code === CloseCode.InitTimeout) connection.report('init_timeout', 'limits.connectionInitTimeoutMs');
        closeSocket(socket, code ?? CloseCode.InternalServerError, reason ?? '');
      },
      // graphql-ws itself would send back any payload, of whatever size.
      onPing: async (payload) => connection.pong(payload),
      onMessage(handle) {
        const received = (text: string): void => {
          handle(connection.received(text)).catch((err: unknown) => {
            if (isOfServer(text)) {
              closeSocket(socket, CloseCode.BadRequest, 'Only servers send messages of this type.');
              return;
            }
            log.error({ err }, 'WebSocket message failed');
            closeSocket(socket, CloseCode.InternalServerError, 'Internal error; the gateway has logged it.');
          });
        };
        connection.onMessage = received;
      },
    },
    connection,
  );
  // ws closes by itself, with the code for it, when frames are wrong: too large, not UTF-8, of an unknown type.
  socket.on('error', (err) => {
    log.debug({ err }, 'WebSocket');
    const reason = 'code' in err && typeof err.code === 'string' ? REASONS[err.code] : undefined;
    if (reason !== undefined) connection.report(...reason);
  });
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    connection.end();
    closed(code, reason.toString()).catch((err: unknown) => log.error({ err }, 'WebSocket did not end well'));
  });
  return connection;
}

const REASONS: Readonly<Record<string, Parameters<Connection['report']>>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: ['message_too_large', 'limits.bodyBytes'],
  WS_ERR_TOO_MANY_BUFFERED_PARTS: ['message_flood'],
};

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
    // A pong may be among what is not read; `limits.sendTimeoutMs` applies then.
    if (socket.isPaused) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, everyMs);
}
