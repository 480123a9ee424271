import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FairScheduler } from '../../pipeline/fair-scheduler.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { Connections } from '../connections.ts';
import { BufferedResponse } from './buffered-response.ts';

/** The time within which a request has to be complete, in ms; Node's default. */
const REQUEST_TIMEOUT_MS = 300_000;

/** Node's events for requests with the header `Expect`. */
const EXPECTATIONS = [
  ['checkContinue', 'continue'],
  ['checkExpectation', 'unsupported'],
] as const;

/**
 * The status lines that Node itself would send: https://nodejs.org/docs/latest-v20.x/api/http.html#event-clienterror
 */
const STATUSES: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

interface HttpServerOptions {
  /** The longest time for the headers of a request, in ms. */
  readonly headersTimeout: number;
  readonly connections: Connections;
  readonly scheduler: Pick<FairScheduler, 'onConnectionAccepted'>;
  readonly securityLog: SecurityLog;
  /** Aborted when connections are no longer kept alive. */
  readonly leaving: AbortSignal;
  readonly handler: { handle(request: IncomingMessage, response: BufferedResponse): void };
}

interface HttpServer {
  readonly http: Server;
  /** Resolves when no request is in flight. */
  allAnswered(): Promise<void>;
}

/** The responses of each connection. */
export type ConnectionResponses = WeakMap<Duplex, SocketResponses>;

/** The responses of one connection. */
interface SocketResponses {
  latest: ServerResponse;
  /** Whether the request of the latest response was pipelined: an earlier response was not sent yet. */
  isPipelined: boolean;
  /** Responses that wait for an earlier one; absent on most connections. */
  waiting?: Set<ServerResponse>;
}

/**
 * Node's HTTP server with bounded responses, a shutdown that loses none, and reports of the requests that Node rejects.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { headersTimeout, leaving, handler, connections, scheduler } = options;
  const responses: ConnectionResponses = new WeakMap();
  let inFlight = 0;
  let waiting: (() => void)[] = [];
  const http = createServer({
    ServerResponse: BufferedResponse,
    headersTimeout,
    requestTimeout: Math.max(REQUEST_TIMEOUT_MS, headersTimeout),
    // The delay with which Node notices a connection's timeout.
    connectionsCheckingInterval: Math.min(headersTimeout, 1_000),
  });

  function onResponseClose(): void {
    inFlight -= 1;
    if (leaving.aborted) setImmediate(() => http.closeIdleConnections());
    if (inFlight > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  http.on('connection', (socket) => {
    connections.add(socket);
    scheduler.onConnectionAccepted();
  });
  http.on('request', (request, response) => {
    inFlight += 1;
    response.shouldKeepAlive &&= !leaving.aborted;
    response.once('close', onResponseClose);
    trackResponse(responses, request.socket, response);
    handler.handle(request, response);
  });
  for (const [event, expectation] of EXPECTATIONS) {
    http.on(event, (request, response) => {
      response.expectation = expectation;
      http.emit('request', request, response);
    });
  }
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    reportClientError(error, socket, options);
    // A second response would corrupt the one that is being sent.
    if (socket.writable && isBetweenResponses(responses.get(socket))) {
      const status = STATUSES[error.code ?? ''] ?? 400;
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy(error);
  });
  return {
    http,
    allAnswered: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/**
 * Remembers the latest response of a connection, and closes those that wait behind another when the connection closes.
 * Node does so only with the one whose turn it is: the others have no socket of their own yet, and would never emit
 * `close`.
 */
export function trackResponse(responses: ConnectionResponses, socket: Socket, response: ServerResponse): void {
  let known = responses.get(socket);
  if (known === undefined) {
    known = { latest: response, isPipelined: false };
    responses.set(socket, known);
  } else {
    known.isPipelined = !known.latest.writableFinished;
    known.latest = response;
  }
  if (response.socket !== null) return;
  if (known.waiting === undefined) {
    const created = new Set<ServerResponse>();
    known.waiting = created;
    socket.once('close', () => closeWaiting(created));
  }
  const { waiting } = known;
  waiting.add(response);
  response.once('close', () => waiting.delete(response));
}

function closeWaiting(waiting: ReadonlySet<ServerResponse>): void {
  for (const response of waiting) {
    if (response.socket !== null) continue;
    response.destroy();
    response.emit('close');
  }
}

/** Reports requests that are not HTTP, or whose headers or body do not come in time. */
function reportClientError(
  { code = '' }: NodeJS.ErrnoException,
  socket: Duplex,
  { securityLog, connections }: Pick<HttpServerOptions, 'securityLog' | 'connections'>,
): void {
  const isTimeout = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  if (!isTimeout && !code.startsWith('HPE_')) return;
  const remote = socket instanceof Socket ? socket.remoteAddress : undefined;
  const reason = isTimeout ? 'headers_timeout' : 'request_malformed';
  securityLog.report({ reason, address: connections.addresses.of(remote, undefined) });
}

function isBetweenResponses(responses: SocketResponses | undefined): boolean {
  if (responses === undefined) return true;
  const { latest, isPipelined } = responses;
  return latest.writableFinished || (!isPipelined && !latest.headersSent);
}
