import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Failure } from '../faults/faults.ts';
import { exceptionMessage } from '../model/error-messages.ts';
import { ServiceError } from '../service-error.ts';
import type { HttpRequest } from './authorization.ts';
import { type Endpoint, type PreparedCall, prepareCall } from './organizations-endpoint.ts';
import { readBody } from './read-body.ts';
import { errorReply, type Reply, successReply } from './reply.ts';
import { handleStsRequest } from './sts-endpoint.ts';

/** Path prefix of the control interface. No AWS service uses it. */
const CONTROL_PREFIX = '/_orgql/';

export interface ServerOptions extends Endpoint {
  readonly handleControlRequest: (request: HttpRequest) => Reply | Promise<Reply>;
  /** Called after each successful write. */
  readonly onCall: () => void;
  /** Aborts delayed replies when the simulator closes. */
  readonly closing: AbortSignal;
  /** Receives the simulator's internal errors. */
  readonly onError: (error: unknown) => void;
}

export function createSimulatorServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    handleRequest(options, request, response).catch((error: unknown) => {
      if (!options.closing.aborted) options.onError(error);
      response.destroy();
    });
  });
  // Longer than the idle timeout of most clients, so that the client closes idle connections and no request is lost.
  server.keepAliveTimeout = 55_000;
  return server;
}

async function handleRequest(
  options: ServerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('date', new Date(options.world.clock.now()).toUTCString());
  let request: HttpRequest;
  try {
    const body = await readBody(incoming);
    const { method = '', url = '/', headers, socket } = incoming;
    request = { method, url, headers, body, remoteAddress: socket.remoteAddress };
  } catch (error) {
    // The client disconnected before the end of its request.
    if (!(error instanceof ServiceError)) return;
    response.setHeader('connection', 'close');
    return sendReply(response, errorReply(requestId, error));
  }
  if (request.url.startsWith(CONTROL_PREFIX)) return sendReply(response, await options.handleControlRequest(request));
  // Some clients (curl -d) send this content type by default, so a target header means AWS Organizations.
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (isForm && request.headers['x-amz-target'] === undefined) {
    return sendReply(response, handleStsRequest(options, request, requestId));
  }
  let call: PreparedCall;
  try {
    call = prepareCall(options, request);
  } catch (error) {
    return sendReply(response, errorReply(requestId, toServiceError(options, error)));
  }
  await handleCall(options, call, requestId, response);
}

async function handleCall(options: ServerOptions, call: PreparedCall, requestId: string, response: ServerResponse) {
  const { control, closing } = options;
  const countError = control.countRequest(call.operation, call.accountId);
  const latency = control.nextLatency(call.operation);
  const injected = control.takeFailure(call.operation, call.accountId);
  if (latency > 0) await wait(latency, undefined, { signal: closing });
  if (injected && preventsCall(injected)) {
    countError(injected.kind === 'error' ? injected.error : injected.kind);
    return sendFailure(injected, requestId, response);
  }
  let reply: Reply;
  try {
    reply = successReply(requestId, call.run());
    if (!/^(?:Describe|List)/.test(call.operation)) options.onCall();
  } catch (thrown) {
    const error = toServiceError(options, thrown);
    countError(error.name);
    reply = errorReply(requestId, error);
  }
  if (injected?.kind === 'reset') return resetConnection(response);
  if (injected?.kind === 'truncate') return sendTruncated(response, reply);
  sendReply(response, reply);
}

function preventsCall(injected: Failure): boolean {
  return injected.kind !== 'truncate' && !(injected.kind === 'reset' && injected.when === 'after');
}

function sendFailure(injected: Failure, requestId: string, response: ServerResponse): void {
  if (injected.kind === 'error') {
    const message = injected.message ?? exceptionMessage(injected.error, injected.reason);
    sendReply(response, errorReply(requestId, new ServiceError(injected.error, message, injected.reason)));
  } else if (injected.kind === 'status') {
    sendReply(response, { status: injected.status, headers: { 'content-type': 'text/html' }, body: '<html></html>' });
  } else if (injected.kind !== 'hang') {
    resetConnection(response);
  }
  // A hanging call keeps the connection open until the client or the simulator closes it.
}

/** Sends a TCP RST. */
function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function sendTruncated(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) + 1 });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.destroySoon());
}

function toServiceError(options: ServerOptions, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  options.onError(error);
  return new ServiceError(
    'ServiceException',
    'The simulator has an internal error, which your request did not cause. Report it as a bug.',
  );
}

function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
