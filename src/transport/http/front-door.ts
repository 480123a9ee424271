import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { BufferOwner } from '../../pipeline/byte-budget.ts';
import { limitError } from '../../pipeline/errors.ts';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import { addressKey, addressLimitKey, callerOf, limitKeyOf } from '../../pipeline/limit-key.ts';
import { type Answer, type Carrier, isStream, Operation, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { SecurityReason } from '../../pipeline/security-log.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { withoutCost } from '../../pipeline/steps/upstream-cost.ts';
import { AuthenticationError } from '../../principal/index.ts';
import { ENDPOINT } from '../endpoint.ts';
import type { ServerParts } from '../parts.ts';
import { refuseRequest } from '../refuse-request.ts';
import { bodyError, bufferSetting, tooMuchBuffered } from './body-rejection.ts';
import type { BufferedResponse } from './buffered-response.ts';
import { csrfRejection } from './csrf-prevention.ts';
import { declaredLength } from './discard-body.ts';
import { hints } from './hints.ts';
import { addressOf, HttpCarrier, headerOf } from './http-carrier.ts';
import { isGone } from './is-gone.ts';
import type { JsonPostHandler } from './json-post-handler.ts';
import { writePlainly } from './plain-headers.ts';
import { RequestBodies } from './request-bodies.ts';
import { sendResult } from './send-result.ts';
import { UnreadAnswers } from './unread-answers.ts';
import type { YogaOnDemand } from './yoga-on-demand.ts';

/** A client that may have no more connections may try again after this long, in ms. */
const RETRY_AFTER_MS = 1_000;

/** What Node reads of a body before anything wants it, in bytes. */
const READ_AHEAD_BYTES = 65_536;

/** A body of more characters takes long enough to parse that its caller waits its turn for that. */
const LARGE_BODY = 4_096;

export interface FrontDoorOptions {
  readonly parts: ServerParts;
  readonly graphql: GraphQLServer;
  readonly jsonPost: JsonPostHandler;
  readonly yoga: YogaOnDemand;
  /** What answers without a body and without credentials, in this order. Each returns true if it has responded. */
  readonly handlers: readonly ((request: IncomingMessage, response: BufferedResponse) => boolean)[];
}

export interface FrontDoor extends Disposable {
  /** Takes every request, when its headers are complete, in the turn of its address. */
  handle(request: IncomingMessage, response: BufferedResponse): void;
}

type CallerAsOwner = BufferOwner & { readonly caller: string };

/** A request for the endpoint. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: BufferedResponse;
  readonly address: string;
  /** The media type of an answer that is sent without Yoga. */
  readonly type: ReturnType<JsonPostHandler['resultType']>;
}

/**
 * The way of every HTTP request. What can be decided from its headers is decided before its body is read: whether it is for this server, who sends it, and whether its body may be buffered.
 * Nothing else reads a body.
 */
export function createFrontDoor({ parts, graphql, jsonPost, yoga, handlers }: FrontDoorOptions): FrontDoor {
  const { config, securityLog, buffers, addresses, authenticate, observer } = parts;
  const { scheduler } = graphql;
  const { limits } = config;
  const unread = new UnreadAnswers({ buffers, securityLog, sendTimeoutMs: limits.sendTimeoutMs });
  const bodies = new RequestBodies({ buffers, securityLog, limits });
  const ownHandlers = [
    ...handlers,
    hints(config.hints, parts, bodies, (request, response, address, caller) =>
      authenticated(request, response, { address: addressKey(address), caller }),
    ),
  ];

  /**
   * The one place where an HTTP request becomes authenticated: what it buffers is its caller's from now on, and its connection counts as one with valid credentials. Returns false when
   * there may be no more of these.
   */
  function authenticated(request: IncomingMessage, response: BufferedResponse, owner: CallerAsOwner): boolean {
    unread.count(response, owner);
    return parts.connections.authenticated(request.socket, owner.caller);
  }

  /** Answers a request whose operation is not read. */
  function answerUnread({ request, response, type }: Exchange, operation: Operation, answer: Answer): void {
    if (isGone(response)) return;
    if (type === undefined || isStream(answer)) void yoga.sendStream(request, response, { operation, answer });
    else sendResult(response, answer, type, operation.requestId);
  }

  function reject(exchange: Exchange, carrier: Carrier, error: unknown): void {
    const operation = operationOf(exchange, carrier);
    const answer = withoutCost({ errors: [graphql.maskError(error)] });
    observer?.refused('http', answer);
    answerUnread(exchange, operation, answer);
  }

  /** Runs an operation without parameters, so that what is rejected before its body is parsed is counted and answered as every operation is. */
  function runUnread(exchange: Exchange, carrier: Carrier): void {
    const operation = operationOf(exchange, carrier);
    const answer = graphql.pipeline.run(operation);
    if (answer instanceof Promise) void answer.then((given) => answerUnread(exchange, operation, given));
    else answerUnread(exchange, operation, answer);
  }

  /** Goes on when the credentials are checked; `caller`: whose they are, or why they are rejected. */
  function receive(exchange: Exchange, caller: NonNullable<Carrier['caller']>): void {
    const { request, response, address } = exchange;
    if (isGone(response)) return;
    const carrier = new HttpCarrier(request, response, address, caller);
    if (caller instanceof AuthenticationError) {
      runUnread(exchange, carrier);
      return;
    }
    const owner = { address: addressKey(address), caller: limitKeyOf(caller, address) };
    if (!authenticated(request, response, owner)) {
      reject(exchange, carrier, tooManyConnections(limits.connections));
      return;
    }
    const bound = buffers.exceeded(owner, 1, 0);
    if (bound !== undefined) {
      reject(exchange, carrier, overBound(address, owner, bufferSetting(bound)));
      return;
    }
    if (request.method !== 'POST') {
      yoga.handle(request, response, { carrier });
      return;
    }
    const maxBytes = limits.bodyBytes;
    bodies.read(request, response, { owner, address, maxBytes, maxBytesSetting: 'limits.bodyBytes' }, (body) => {
      if (typeof body !== 'string') reject(exchange, carrier, bodyError(body));
      else if (body.length <= LARGE_BODY) answerBody(exchange, carrier, body);
      else scheduler.read(owner.caller, () => answerLargeBody(exchange, carrier, owner, body));
    });
  }

  function answerBody(exchange: Exchange, carrier: HttpCarrier, body: string, charge?: (ms: number) => void): void {
    const { request, response, type } = exchange;
    if (type !== undefined) jsonPost.handle(request, response, carrier, type, body);
    else void yoga.answer(request, response, body, { carrier, ...(charge && { charge }) });
  }

  function answerLargeBody(exchange: Exchange, carrier: HttpCarrier, owner: CallerAsOwner, body: string): void {
    if (isGone(exchange.response)) return;
    try {
      if (scheduler.isInDebt(owner.caller)) runUnread(exchange, carrier);
      else answerBody(exchange, carrier, body, (ms) => scheduler.charge(owner.caller, ms));
    } catch (error) {
      fail(exchange.request, error);
    }
  }

  function overBound(address: string, { caller }: BufferOwner, setting: string): GraphQLError {
    securityLog.report({ reason: 'buffered_bytes', address, caller: callerOf(caller), setting });
    return tooMuchBuffered(setting);
  }

  function authenticateOperation(exchange: Exchange): void {
    const { request, response, address } = exchange;
    const failed = (error: unknown) => {
      if (error instanceof AuthenticationError) receive(exchange, error);
      else reject(exchange, new HttpCarrier(request, response, address), error);
    };
    let caller: ReturnType<typeof authenticate>;
    try {
      caller = authenticate(headerOf(request, 'authorization'), address);
    } catch (error) {
      failed(error);
      return;
    }
    if (!(caller instanceof Promise)) {
      receive(exchange, caller);
      return;
    }
    // Meanwhile Node reads ahead.
    const owner = { address: addressKey(address) };
    const ahead = buffers.open(owner);
    const bound = ahead.grow(Math.min(declaredLength(request) ?? READ_AHEAD_BYTES, READ_AHEAD_BYTES));
    if (bound !== undefined) failed(overBound(address, owner, bufferSetting(bound)));
    const settled = () => ahead[Symbol.dispose]();
    caller
      .finally(settled)
      .then((known) => bound === undefined && receive(exchange, known), bound === undefined ? failed : () => {})
      .catch((error: unknown) => fail(request, error));
  }

  function take(request: IncomingMessage, response: BufferedResponse, address: string): void {
    // A request before it on the connection (HTTP pipelining) may have had that closed.
    if (request.socket.destroyed) return;
    writePlainly(request.headers);
    unread.count(response, { address: addressKey(address) });
    const report = (reason: SecurityReason) => securityLog.report({ reason, address });
    if (refuseRequest(config, request, response, report)) return;
    const type = jsonPost.resultType(request);
    if (type === undefined) {
      if (ownHandlers.some((handle) => handle(request, response))) return;
      const rejection = csrfRejection(request.method, headerReader(request), config.allowedOrigins);
      if (rejection?.extensions['code'] === 'CROSS_ORIGIN') report('origin_rejected');
      // Yoga rejects it, or has another answer than that of an operation.
      if (rejection !== undefined || !carriesOperation(request)) {
        yoga.handle(request, response, {});
        return;
      }
    }
    authenticateOperation({ request, response, address, type });
  }

  /** One request that cannot be answered is no reason to end the process. */
  function fail(request: IncomingMessage, error: unknown): void {
    // It is in the log.
    graphql.maskError(error);
    request.socket.destroy();
  }

  return {
    handle(request, response) {
      const address = addressOf(request, addresses);
      scheduler.read(addressLimitKey(address), () => {
        try {
          take(request, response, address);
        } catch (error) {
          fail(request, error);
        }
      });
    },
    [Symbol.dispose]() {
      unread[Symbol.dispose]();
      bodies[Symbol.dispose]();
    },
  };
}

function operationOf({ request }: Exchange, carrier: Carrier): Operation {
  const operation = new Operation(carrier, {});
  operation.requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
  return operation;
}

const tooManyConnections = (maximum: number) =>
  limitError(
    'SOCKET_LIMIT_EXCEEDED',
    `${maximum} connections are open, and no more may be (limits.connections). Close some, or try again later.`,
    { maximum, retryAfterMs: RETRY_AFTER_MS },
  );

const headerReader = (request: IncomingMessage) => ({ get: (name: string) => headerOf(request, name) });

/** Whether a request has an operation, in its body or in its URL. Yoga takes for its endpoint whatever ends as that does. */
function carriesOperation({ method, url = '' }: IncomingMessage): boolean {
  if (method !== 'POST' && method !== 'GET') return false;
  const { pathname, href } = new URL(`http://localhost${url}`);
  return [pathname, href].some((text) => text.endsWith(ENDPOINT) || text.endsWith(`${ENDPOINT}/`));
}
