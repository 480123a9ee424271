import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { limitError } from '../../pipeline/errors.ts';
import { addressLimitKey } from '../../pipeline/operation.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import type { RequestChecks } from '../request-checks.ts';
import { CloseCode, closeSocket } from './closing.ts';
import type { Connection, ConnectionDependencies } from './connection.ts';
import type { RunningOperations } from './operations.ts';
import { openSocket, type Protocol, type ProtocolDependencies, protocolOptions } from './protocol.ts';
import { operationHeaders } from './request.ts';
import { UnreadSockets } from './socket-writer.ts';

/**
 * Maximum number of a message's fragments and a frame's chunks. Each costs memory beside its bytes; clients send far
 * fewer.
 */
const MAX_FRAGMENTS = 1_024;
const MAX_CHUNKS = 4_096;

interface WebSocketsOptions extends ProtocolDependencies, Omit<ConnectionDependencies, 'scheduler'> {
  readonly checks: RequestChecks;
  readonly observer: OperationObserver | undefined;
  /** Aborted when no more connections are accepted. */
  readonly leaving: AbortSignal;
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly raw: Duplex;
  readonly head: Buffer;
  readonly path: string;
  readonly address: string;
}

/** Serves GraphQL over WebSocket (graphql-transport-ws) on the endpoint. */
export class WebSockets {
  readonly #options: WebSocketsOptions;
  readonly #protocol: Protocol;
  readonly #server: WebSocketServer;
  readonly #unread = new UnreadSockets();
  readonly #open = new Map<WebSocket, Connection>();
  /** One function for all sockets: a closure would keep the request as long as its connection. */
  readonly #onError: (err: Error) => void;

  constructor(options: WebSocketsOptions) {
    const { limits, log } = options;
    this.#options = options;
    this.#protocol = makeServer(protocolOptions(options));
    this.#server = new WebSocketServer({
      noServer: true,
      handleProtocols,
      maxPayload: limits.bodyBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_CHUNKS,
      // Pongs count as buffered bytes.
      autoPong: false,
    });
    this.#onError = (err) => log.debug({ err }, 'socket');
  }

  /** Handles a request for a WebSocket in the turn of its address. `path`: without the query string. */
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer, path = request.url?.split('?', 1)[0] ?? ''): void {
    const { connections, graphql } = this.#options;
    // Without a listener, a client that resets now would end the process.
    raw.on('error', this.#onError);
    const address = connections.addresses.ofRequest(request);
    graphql.scheduler.runShort(addressLimitKey(address), () => this.#upgrade({ request, raw, head, path, address }));
  }

  /** Closes every connection with 1001 as soon as no query or mutation runs on it. Resolves when all are closed. */
  async goAway(): Promise<void> {
    await Promise.all([...this.#open].map(([socket, { running }]) => closeWhenDone(socket, running)));
  }

  /** Resolves the promise of `goAway`. */
  closeNow(): void {
    for (const socket of this.#open.keys()) closeGoingAway(socket);
  }

  #upgrade(upgrade: Upgrade): void {
    const { raw } = upgrade;
    try {
      const status = this.#rejectionStatus(upgrade);
      if (status === undefined) this.#take(upgrade);
      else rejectUpgrade(raw, status);
    } catch (error) {
      // A failed upgrade is logged and does not end the process.
      this.#options.graphql.maskError(error);
      rejectUpgrade(raw, 500);
    }
  }

  /** The status that a request for a WebSocket is rejected with. */
  #rejectionStatus({ request, raw, path, address }: Upgrade): number | undefined {
    const { leaving, checks, securityLog, connections } = this.#options;
    if (leaving.aborted) return 503;
    const rejection = checks.upgradeRejection(request, path);
    if (rejection?.reason !== undefined) securityLog.report({ reason: rejection.reason, address });
    if (rejection !== undefined) return rejection.status;
    if (connections.isFull) {
      this.#reportFull(address);
      return 503;
    }
    return connections.countForClient(raw, address) ? undefined : 429;
  }

  #reportFull(address: string): void {
    const { limits, observer, connections } = this.#options;
    const maximum = limits.connections;
    const message = `${maximum} connections are open, and no more may be (limits.connections).`;
    observer?.refused('websocket', { errors: [limitError('SOCKET_LIMIT_EXCEEDED', message, { maximum })] });
    connections.reportFull(address);
  }

  #take({ request, raw, head, address }: Upgrade): void {
    const { graphql, ...dependencies } = this.#options;
    const headers = operationHeaders(request.headers);
    const options = {
      ...dependencies,
      scheduler: graphql.scheduler,
      ...{ raw: request.socket, headers, address, unread: this.#unread },
    };
    this.#server.handleUpgrade(request, raw, head, (socket) => {
      this.#open.set(socket, openSocket(this.#protocol, socket, options));
      socket.once('close', () => this.#open.delete(socket));
    });
  }
}

function rejectUpgrade(raw: Duplex, status: number): void {
  // Node has detached the socket, which would stay open until the client closes it.
  raw.once('finish', () => raw.destroy());
  raw.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function closeWhenDone(socket: WebSocket, running: RunningOperations): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    // The last operation's `complete` is sent in the same turn as it ends.
    running.finiteEnded().then(() => setImmediate(() => closeGoingAway(socket)));
  });
}

function closeGoingAway(socket: WebSocket): void {
  closeSocket(socket, CloseCode.GoingAway, 'The gateway is going away; connect again.');
}
