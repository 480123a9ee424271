import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import { AuthenticationError } from '../../principal/index.ts';
import type { BufferOwner, ExceededBound } from '../byte-budget.ts';
import { REQUEST_ID_HEADER } from '../carried-headers.ts';
import { addressKey } from '../client-address.ts';
import { ENDPOINT } from '../endpoint.ts';
import type { GraphQLServer } from '../graphql.ts';
import { limitError } from '../limit-error.ts';
import { type Answer, type Carrier, callerOf, limitKeyOf, Operation } from '../operation.ts';
import type { ServerParts } from '../parts.ts';
import { refuseRequest } from '../refuse-request.ts';
import type { SecurityReason } from '../security-log.ts';
import { requestIdOf } from '../steps/request-id.ts';
import { withoutCost } from '../steps/upstream-cost.ts';
import type { BufferedResponse } from './buffered-response.ts';
import { addressOf, HttpCarrier, headerOf } from './http-carrier.ts';
import { bodyTooLarge, type JsonPostHandler } from './json-post-handler.ts';
import { writePlainly } from './plain-headers.ts';
import { bodyLength, discardBody, RequestBodies } from './request-bodies.ts';
import { sendResult } from './send-result.ts';
import { sendText } from './send-text.ts';
import { UnreadAnswers } from './unread-answers.ts';
import type { YogaOnDemand } from './yoga-on-demand.ts';

/** A client that is over a bound may try again after this long, in ms. */
const RETRY_AFTER_MS = 1_000;

export type HttpResponse = BufferedResponse<IncomingMessage>;

export interface FrontDoorOptions {
  readonly parts: ServerParts;
  readonly graphql: GraphQLServer;
  readonly jsonPost: JsonPostHandler;
  readonly yoga: YogaOnDemand;
  /** What answers without a body and without credentials, in this order. Each returns true if it has responded. */
  readonly handlers: readonly ((request: IncomingMessage, response: HttpResponse) => boolean)[];
}

export interface FrontDoor extends Disposable {
  /** Takes every request, when its headers are complete. */
  handle(request: IncomingMessage, response: HttpResponse): void;
  /** Notes that the client of a request waits for a word before it sends the body. */
  expectsContinue(request: IncomingMessage): void;
}

/**
 * The way of every HTTP request. What can be decided from its headers is decided before its body is read: whether it is for this server, who sends it, and whether its body may be buffered.
 */
export function createFrontDoor({ parts, graphql, jsonPost, yoga, handlers }: FrontDoorOptions): FrontDoor {
  const { config, securityLog, buffers, addresses, authenticate, observer } = parts;
  const { limits } = config;
  const unread = new UnreadAnswers({ buffers, securityLog, sendTimeoutMs: limits.sendTimeoutMs });
  const bodies = new RequestBodies({ buffers, securityLog, limits });
  /** Requests whose clients wait for a word before they send the body (`Expect: 100-continue`). */
  const expecting = new WeakSet<IncomingMessage>();

  /** Answers an operation's request in place of an operation. */
  function reject(request: IncomingMessage, response: HttpResponse, operation: Operation, answer: Answer): void {
    discardBody(request, response, () => {
      const type = jsonPost.resultType(request);
      if (type === undefined || 'next' in answer) void yoga.sendStream(request, response, '{}', { operation, answer });
      else sendResult(response, answer, type, operation.requestId);
    });
  }

  function rejectWith(request: IncomingMessage, response: HttpResponse, carrier: Carrier, error: GraphQLError): void {
    const operation = new Operation(carrier, {});
    operation.requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
    const answer = withoutCost({ errors: [graphql.maskError(error)] });
    observer?.refused('http', answer);
    reject(request, response, operation, answer);
  }

  /** Lets the client send its body, or returns why not. */
  function receiveBody(
    request: IncomingMessage,
    response: HttpResponse,
    owner: BufferOwner,
    address: string,
  ): GraphQLError | undefined {
    const exceeded = bodies.receive(request, response, owner);
    if (exceeded === undefined) {
      if (expecting.has(request)) response.writeContinue();
      return undefined;
    }
    const setting = `limits.bufferedBytes.${exceeded}`;
    securityLog.report({ reason: 'buffered_bytes', address, caller: callerOf(owner.caller), setting });
    return tooMuchBuffered(exceeded, limits.bufferedBytes[exceeded]);
  }

  /** Goes on when the credentials are checked; `caller`: whose they are, or why they are rejected. */
  function receive(
    request: IncomingMessage,
    response: HttpResponse,
    address: string,
    caller: NonNullable<Carrier['caller']>,
  ): void {
    const carrier = new HttpCarrier(request, response, address, caller);
    if (caller instanceof AuthenticationError) {
      const operation = new Operation(carrier, {});
      operation.requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
      const answer = graphql.pipeline.run(operation);
      if (answer instanceof Promise) void answer.then((given) => reject(request, response, operation, given));
      else reject(request, response, operation, answer);
      return;
    }
    const owner = { address: addressKey(address), caller: limitKeyOf(caller, address) };
    unread.count(response, owner);
    if (!parts.connections.authenticated(request.socket, owner.caller)) {
      rejectWith(request, response, carrier, tooManyConnections(limits.connections));
      return;
    }
    const report = (reason: SecurityReason, setting: string) =>
      securityLog.report({ reason, address, caller: callerOf(owner.caller), setting });
    if (bodyLength(request, 0) > limits.bodyBytes) {
      report('body_too_large', 'limits.bodyBytes');
      rejectWith(request, response, carrier, bodyTooLarge());
      return;
    }
    const refusal = receiveBody(request, response, owner, address);
    if (refusal !== undefined) rejectWith(request, response, carrier, refusal);
    else if (!jsonPost.handle(request, response, carrier)) yoga.handle(request, response, { address, caller });
  }

  function authenticateOperation(request: IncomingMessage, response: HttpResponse, address: string): void {
    const failed = (error: unknown) => {
      if (!(error instanceof AuthenticationError)) throw error;
      receive(request, response, address, error);
    };
    try {
      const caller = authenticate(headerOf(request, 'authorization'), address);
      if (!(caller instanceof Promise)) {
        receive(request, response, address, caller);
        return;
      }
      caller
        .then((known) => receive(request, response, address, known), failed)
        .catch((error: unknown) => {
          graphql.maskError(error);
          request.socket.destroy();
        });
    } catch (error) {
      failed(error);
    }
  }

  return {
    handle(request, response) {
      writePlainly(request.headers);
      const address = addressOf(request, addresses);
      const owner = { address: addressKey(address) };
      unread.count(response, owner);
      const report = (reason: SecurityReason, setting?: string) => securityLog.report({ reason, address, setting });
      if (refuseRequest(config, request, response, report)) return;
      if (request.method !== 'POST' && handlers.some((handle) => handle(request, response))) return;
      if (carriesOperation(request)) {
        authenticateOperation(request, response, address);
        return;
      }
      const refusal = receiveBody(request, response, owner, address);
      if (refusal === undefined) {
        yoga.handle(request, response, { address });
        return;
      }
      discardBody(request, response, () =>
        sendText(response, 429, refusal.message, { 'retry-after': String(RETRY_AFTER_MS / 1_000) }),
      );
    },
    expectsContinue: (request) => void expecting.add(request),
    [Symbol.dispose]() {
      unread[Symbol.dispose]();
      bodies[Symbol.dispose]();
    },
  };
}

/** Whether a request is for the endpoint and has an operation, in its body or in its URL. */
function carriesOperation({ method, url = '' }: IncomingMessage): boolean {
  if (method === 'POST') return url === ENDPOINT || url.startsWith(`${ENDPOINT}?`);
  return method === 'GET' && url.startsWith(`${ENDPOINT}?`);
}

const tooManyConnections = (maximum: number) =>
  limitError(
    'SOCKET_LIMIT_EXCEEDED',
    `${maximum} connections are open, and no more may be (limits.connections). Close some, or try again later.`,
    { maximum, retryAfterMs: RETRY_AFTER_MS },
  );

const tooMuchBuffered = (bound: ExceededBound, maximum: number) =>
  limitError(
    'BUFFER_LIMIT_EXCEEDED',
    `The gateway buffers ${maximum} bytes at most here (limits.bufferedBytes.${bound}). Read the answers that are waiting, or send less at a time, and try again.`,
    { maximum, retryAfterMs: RETRY_AFTER_MS },
  );
