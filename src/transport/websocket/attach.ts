import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { limitError } from '../../pipeline/errors.ts';
import { addressLimitKey } from '../../pipeline/limit-key.ts';
import { LoadOnce } from '../../pipeline/load-once.ts';
import type { OperationScheduler } from '../../pipeline/operation-scheduler.ts';
import type { SecurityLog, SecurityReason } from '../../pipeline/security-log.ts';
import { ENDPOINT } from '../endpoint.ts';
import { addressOf } from '../http/http-carrier.ts';
import type { ServerParts } from '../parts.ts';
import { isCrossOrigin, isOwnHost, isWellFormedHost } from '../web-origin.ts';
import { CloseCode } from './close-codes.ts';
import { closeSocket } from './close-socket.ts';
import type { Connection } from './connection.ts';
import type { TakeConnection } from './connection-taker.ts';
import type { RunningOperations } from './running-operations.ts';

export interface WebSocketOptions {
  /** Loads what takes connections; rejects when it cannot. */
  readonly load: () => Promise<TakeConnection>;
  readonly config: ServerParts['config'];
  readonly maskError: (error: unknown) => unknown;
  readonly log: Logger;
  readonly observer: ServerParts['observer'];
  readonly addresses: ServerParts['addresses'];
  readonly connections: Pick<ServerParts['connections'], 'isFull' | 'reportFull' | 'countForClient'>;
  readonly securityLog: Pick<SecurityLog, 'report'>;
  readonly scheduler: Pick<OperationScheduler, 'read'>;
  /** Fires when no more connections are taken. */
  readonly leaving: AbortSignal;
}

type Upgrade = Parameters<TakeConnection>[0];

interface Rejection {
  readonly status: string;
  readonly reason?: SecurityReason;
}

export interface WebSockets {
  /** Takes no more connections, and closes every one with 1001 as soon as no query or mutation runs on it; resolves when all are closed. */
  goAway(): Promise<void>;
  /** Lets `goAway` wait for nothing more. */
  closeNow(): void;
}

/**
 * Serves GraphQL over WebSocket (graphql-transport-ws) on the endpoint of an HTTP server. What takes connections is loaded with the first; while it cannot be, who asks
 * for one gets status 500, each after another try.
 */
export function attachWebSockets(http: Server, options: WebSocketOptions): WebSockets {
  const { config, maskError, log, observer, addresses, connections: places, leaving, securityLog, scheduler } = options;
  const taker = new LoadOnce(options.load);
  const connections = new Map<WebSocket, Connection>();
  // These two apart from the request, which would be kept as long as the connection.
  const note = (err: Error) => log.debug({ err }, 'socket');
  function keep(socket: WebSocket, connection: Connection): void {
    connections.set(socket, connection);
    socket.once('close', () => connections.delete(socket));
  }

  http.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    // Without a listener, a client that resets now would end the process.
    raw.on('error', note);
    const address = addressOf(request, addresses);
    scheduler.read(addressLimitKey(address), () => take({ request, raw, head, address }));
  });

  /** The status that a request for a WebSocket is rejected with. */
  function rejected({ request, raw, address }: Upgrade): string | undefined {
    if (leaving.aborted) return UNAVAILABLE;
    const rejection = rejectionOf(request, config);
    if (rejection?.reason !== undefined) securityLog.report({ reason: rejection.reason, address });
    if (rejection !== undefined) return rejection.status;
    if (places.isFull) {
      reportFull(address);
      return UNAVAILABLE;
    }
    return places.countForClient(raw, address) ? undefined : '429 Too Many Requests';
  }

  function take(upgrade: Upgrade): void {
    const status = rejected(upgrade);
    if (status !== undefined) end(upgrade.raw, status);
    else if (taker.loaded !== undefined) give(taker.loaded, upgrade);
    else
      taker.load().then(
        (loaded) => {
          if (leaving.aborted) end(upgrade.raw, UNAVAILABLE);
          else give(loaded, upgrade);
        },
        (error: unknown) => failed(upgrade.raw, error),
      );
  }

  function reportFull(address: string): void {
    const maximum = config.limits.connections;
    const message = `${maximum} connections are open, and no more may be (limits.connections).`;
    observer?.refused('websocket', { errors: [limitError('SOCKET_LIMIT_EXCEEDED', message, { maximum })] });
    places.reportFull(address);
  }

  /** One connection that cannot be taken is no reason to end the process. */
  function give(take: TakeConnection, upgrade: Upgrade): void {
    try {
      take(upgrade, keep);
    } catch (error) {
      failed(upgrade.raw, error);
    }
  }

  function failed(raw: Duplex, error: unknown): void {
    // Logs it.
    maskError(error);
    end(raw, '500 Internal Server Error');
  }

  return {
    async goAway() {
      await Promise.all([...connections].map(([socket, { running }]) => closeWhenDone(socket, running)));
    },
    closeNow() {
      for (const socket of connections.keys()) close(socket);
    },
  };
}

const UNAVAILABLE = '503 Service Unavailable';

function end(raw: Duplex, status: string): void {
  // Node's server has let go of it: nobody else would ever end what its client does not.
  raw.once('finish', () => raw.destroy());
  raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Why a WebSocket is not opened, from its request alone. */
function rejectionOf(request: IncomingMessage, config: ServerParts['config']): Rejection | undefined {
  const headers = { get: (name: string) => request.headers[name]?.toString() };
  if (request.url?.split('?')[0] !== ENDPOINT) return { status: '404 Not Found' };
  if (!isWellFormedHost(request.headers.host, request.rawHeaders))
    return { status: '400 Bad Request', reason: 'request_malformed' };
  if (!isOwnHost(config, request.headers.host)) return { status: '421 Misdirected Request', reason: 'host_rejected' };
  if (isCrossOrigin(headers, config.allowedOrigins)) return { status: '403 Forbidden', reason: 'origin_rejected' };
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
  closeSocket(socket, CloseCode.GoingAway, 'The gateway is going away; connect again.');
}
