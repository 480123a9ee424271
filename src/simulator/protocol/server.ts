import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Failure } from '../faults/faults.ts';
import { messageOf } from '../model/error-messages.ts';
import { ServiceError } from '../service-error.ts';
import type { HttpRequest } from './authorization.ts';
import { type Endpoint, type PreparedCall, prepare } from './organizations-endpoint.ts';
import { readBody } from './read-body.ts';
import { failure, type Reply, success } from './reply.ts';
import { answerSts } from './sts-endpoint.ts';

/** Path prefix of the control interface. No AWS service uses it. */
export const CONTROL_PREFIX = '/_orgql/';

export interface ServerOptions extends Endpoint {
  readonly answerControl: (request: HttpRequest) => Reply | Promise<Reply>;
  /** Called after each successful write. */
  readonly onCall: () => void;
  /** Aborts delayed replies when the simulator closes. */
  readonly closing: AbortSignal;
  /** Receives the simulator's internal errors. */
  readonly onError: (error: unknown) => void;
}

export function createSimulatorServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      if (!options.closing.aborted) options.onError(error);
      response.destroy();
    });
  });
  // Longer than the idle timeout of most clients, so that the client closes idle connections and no request is lost.
  server.keepAliveTimeout = 55_000;
  return server;
}

async function serve(options: ServerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  let request: HttpRequest;
  try {
    const body = await readBody(incoming);
    request = { method: incoming.method ?? '', url: incoming.url ?? '/', headers: incoming.headers, body };
  } catch (error) {
    // The client disconnected before the end of its request.
    if (!(error instanceof ServiceError)) return;
    response.setHeader('connection', 'close');
    return send(response, failure(requestId, error));
  }
  if (request.url.startsWith(CONTROL_PREFIX)) return send(response, await options.answerControl(request));
  // Some clients (curl -d) send this content type by default, so a target header means AWS Organizations.
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (isForm && request.headers['x-amz-target'] === undefined) {
    return send(response, answerSts(options, request, requestId));
  }
  let call: PreparedCall;
  try {
    call = prepare(options, request);
  } catch (error) {
    return send(response, failure(requestId, serviceError(options, error)));
  }
  await answer(options, call, requestId, response);
}

async function answer(options: ServerOptions, call: PreparedCall, requestId: string, response: ServerResponse) {
  const { control, closing } = options;
  const latency = control.takeLatency(call.operation);
  const mishap = control.takeFailure(call.operation, call.accountId);
  if (latency > 0) await wait(latency, undefined, { signal: closing });
  if (mishap && happensBefore(mishap)) {
    control.count(call.operation, call.accountId, mishap.kind === 'error' ? mishap.error : mishap.kind);
    return fail(mishap, requestId, response);
  }
  let reply: Reply;
  try {
    reply = success(requestId, call.run());
    control.count(call.operation, call.accountId);
    if (!/^(?:Describe|List)/.test(call.operation)) options.onCall();
  } catch (thrown) {
    const error = serviceError(options, thrown);
    control.count(call.operation, call.accountId, error.name);
    reply = failure(requestId, error);
  }
  if (mishap?.kind === 'reset') return reset(response);
  if (mishap?.kind === 'truncate') return truncate(response, reply);
  send(response, reply);
}

function happensBefore(mishap: Failure): boolean {
  return mishap.kind !== 'truncate' && !(mishap.kind === 'reset' && mishap.when === 'after');
}

function fail(mishap: Failure, requestId: string, response: ServerResponse): void {
  if (mishap.kind === 'error') {
    const message = mishap.message ?? messageOf(mishap.error, mishap.reason);
    send(response, failure(requestId, new ServiceError(mishap.error, message, mishap.reason)));
  } else if (mishap.kind === 'status') {
    send(response, { status: mishap.status, headers: { 'content-type': 'text/html' }, body: '<html></html>' });
  } else if (mishap.kind !== 'hang') {
    reset(response);
  }
  // A hanging call keeps the connection open until the client or the simulator closes it.
}

/** Sends a TCP RST. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function truncate(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) + 1 });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.destroySoon());
}

function serviceError(options: ServerOptions, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  options.onError(error);
  return new ServiceError('ServiceException', 'The simulator failed: this is a bug in it, not in your request.');
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
