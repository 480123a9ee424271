import type { Config } from '../../config/index.ts';
import type { ByteBudget, ExceededBound } from '../../pipeline/byte-budget.ts';
import { limitError } from '../../pipeline/errors.ts';
import type { GraphQLServer } from '../../pipeline/graphql.ts';
import {
  addressKey,
  addressLimitKey,
  callerOf,
  type ExecutionOutcome,
  isStream,
  limitKeyOf,
  Operation,
  type Params,
} from '../../pipeline/operation.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { AuthenticateClient } from '../../pipeline/steps/caller.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import { withoutCost } from '../../pipeline/steps/upstream.ts';
import { AuthenticationError, type Caller } from '../../principal/index.ts';
import type { Connections } from '../connections.ts';
import { ENDPOINT, type RequestChecks } from '../request-checks.ts';
import type { UnreadResponses } from './buffered-response.ts';
import type { HttpResponse, IncomingRequest } from './http-response.ts';
import { HttpRequest, normalizeHeaders } from './request.ts';
import {
  bodyError,
  bufferError,
  declaredLength,
  paramsOfJson,
  paramsOfUrl,
  type RequestBodies,
} from './request-body.ts';
import { sendResult, sendText } from './response.ts';
import type { YogaContext, YogaHandler } from './yoga.ts';

/** The time after which a client with too many connections may retry, in ms. */
const RETRY_AFTER_MS = 1_000;

/** Bytes of a body that Node reads ahead. */
const READ_AHEAD_BYTES = 65_536;

/** Parsing a longer body (in characters) takes noticeable time, so it waits for the caller's turn. */
const LARGE_BODY = 4_096;

/** Responds to requests that carry no operation. Returns false for those of other paths. */
export type Route = (request: HttpRequest, handler: RequestHandler) => boolean;

interface RequestHandlerOptions {
  readonly limits: Config['limits'];
  readonly graphql: GraphQLServer;
  readonly checks: RequestChecks;
  readonly authenticate: AuthenticateClient;
  readonly connections: Connections;
  readonly buffers: ByteBudget;
  readonly bodies: RequestBodies;
  readonly unread: UnreadResponses;
  readonly securityLog: SecurityLog;
  readonly observer: OperationObserver | undefined;
  readonly routes: readonly Route[];
  readonly loadYoga: () => Promise<YogaHandler>;
}

/**
 * Handles every HTTP request, once its headers are complete. What can be decided from the headers is decided before the
 * body is read: whether the request is for this server, who sends it, and whether its body may be buffered.
 */
export class RequestHandler {
  readonly #options: RequestHandlerOptions;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
  }

  /** Handles a request in the turn of its address. `url`: see `HttpRequest.url`. */
  handle(incoming: IncomingRequest, response: HttpResponse, url = incoming.url ?? ''): void {
    const { connections, graphql } = this.#options;
    const address = connections.addresses.ofRequest(incoming);
    graphql.scheduler.runShort(addressLimitKey(address), () => {
      try {
        this.#check(incoming, response, address, url);
      } catch (error) {
        this.#fail(incoming, error);
      }
    });
  }

  /**
   * The only place where an HTTP request becomes authenticated. From here on its buffered bytes count as its caller's,
   * and its connection counts as authenticated. Returns false if the maximum of authenticated connections is reached.
   */
  authenticated({ incoming, response, address }: HttpRequest, caller: string): boolean {
    this.#options.unread.count(response, { address: addressKey(address), caller });
    return this.#options.connections.authenticated(incoming.socket, caller);
  }

  #check(incoming: IncomingRequest, response: HttpResponse, address: string, url: string): void {
    const { checks, routes, securityLog, unread } = this.#options;
    // An earlier pipelined request may have closed the connection.
    if (incoming.socket.destroyed) return;
    normalizeHeaders(incoming.headers);
    unread.count(response, { address: addressKey(address) });
    const rejection = checks.rejection(incoming, url, response.expectation);
    if (rejection !== undefined) {
      const { status, message, headers, reason } = rejection;
      if (reason !== undefined) securityLog.report({ reason, address });
      sendText(response, status, message, headers);
      return;
    }
    const request = new HttpRequest(incoming, response, address, url);
    if (request.resultType !== undefined) {
      this.#authenticate(request);
      return;
    }
    if (routes.some((route) => route(request, this))) return;
    const csrf = checks.csrfRejection(request.method, { get: (name) => request.header(name) });
    if (csrf?.extensions['code'] === 'CROSS_ORIGIN') securityLog.report({ reason: 'origin_rejected', address });
    if (csrf !== undefined) this.#sendByYoga({ request, rejection: csrf });
    else if (carriesOperation(request)) this.#authenticate(request);
    else this.#sendByYoga({ request });
  }

  #authenticate(request: HttpRequest): void {
    const { authenticate, buffers } = this.#options;
    const { incoming, address } = request;
    let caller: ReturnType<AuthenticateClient>;
    try {
      caller = authenticate(request.header('authorization'), address);
    } catch (error) {
      this.#authenticationFailed(request, error);
      return;
    }
    if (!(caller instanceof Promise)) {
      this.#receive(request, caller);
      return;
    }
    // Node reads ahead in the meantime.
    const ahead = buffers.open({ address: addressKey(address) });
    const bound = ahead.grow(Math.min(declaredLength(incoming) ?? READ_AHEAD_BYTES, READ_AHEAD_BYTES));
    if (bound !== undefined) {
      caller.catch(() => {});
      this.#reject(request, this.#overBound(request, undefined, bound));
      return;
    }
    caller
      .finally(() => ahead[Symbol.dispose]())
      .then(
        (known) => this.#receive(request, known),
        (error: unknown) => this.#authenticationFailed(request, error),
      )
      .catch((error: unknown) => this.#fail(incoming, error));
  }

  /** Wrong credentials are an operation's error, which is counted and logged as those of the pipeline are. */
  #authenticationFailed(request: HttpRequest, error: unknown): void {
    if (!(error instanceof AuthenticationError)) {
      this.#reject(request, error);
      return;
    }
    if (request.isGone) return;
    request.caller = error;
    this.#run(request, {});
  }

  #receive(request: HttpRequest, caller: Caller): void {
    if (request.isGone) return;
    const { limits, buffers, bodies } = this.#options;
    const { incoming, response, address } = request;
    request.caller = caller;
    const owner = { address: addressKey(address), caller: limitKeyOf(caller, address) };
    if (!this.authenticated(request, owner.caller)) {
      this.#reject(request, tooManyConnections(limits.connections));
      return;
    }
    const bound = buffers.exceeded(owner, 1, 0);
    if (bound !== undefined) {
      this.#reject(request, this.#overBound(request, owner.caller, bound));
      return;
    }
    if (request.method !== 'POST') {
      this.#runParams(request, () => paramsOfUrl(request.url));
      return;
    }
    const maxBytes = limits.bodyBytes;
    bodies.read(incoming, response, { owner, address, maxBytes, maxBytesSetting: 'limits.bodyBytes' }, (body) => {
      if (typeof body !== 'string') this.#reject(request, bodyError(body));
      else this.#readBody(request, owner.caller, body);
    });
  }

  #readBody(request: HttpRequest, caller: string, body: string): void {
    const { graphql } = this.#options;
    const run = () => this.#runParams(request, () => paramsOfJson(body));
    if (body.length <= LARGE_BODY) {
      run();
      return;
    }
    graphql.scheduler.runShort(caller, () => {
      if (request.isGone) return;
      // The pipeline rejects it, as its caller has no time left.
      if (graphql.isInDebt(caller)) this.#run(request, {});
      else run();
    });
  }

  #runParams(request: HttpRequest, read: () => Params): void {
    let params: Params;
    try {
      params = read();
    } catch (error) {
      this.#reject(request, error);
      return;
    }
    this.#run(request, params);
  }

  #run(request: HttpRequest, params: Params): void {
    const operation = new Operation(request, params);
    operation.requestId = request.requestId;
    const outcome = this.#options.graphql.pipeline.run(operation);
    if (outcome instanceof Promise) void outcome.then((given) => this.#send(request, given, operation));
    else this.#send(request, outcome, operation);
  }

  /** Rejects a request before its operation is known. */
  #reject(request: HttpRequest, error: unknown): void {
    const { graphql, observer } = this.#options;
    const result = withoutCost({ errors: [graphql.maskError(error)] });
    observer?.refused('http', result);
    this.#send(request, result);
  }

  #send(request: HttpRequest, outcome: ExecutionOutcome, operation?: Operation): void {
    try {
      if (request.resultType === undefined || isStream(outcome)) {
        const isSubscription = operation?.prepared?.type === 'subscription';
        this.#sendByYoga({ request, outcome, isSubscription });
      } else sendResult(request.response, outcome, request.resultType, request.requestId);
    } catch (error) {
      this.#fail(request.incoming, error);
    }
  }

  #sendByYoga(context: YogaContext): void {
    this.#options
      .loadYoga()
      .then((yoga) => yoga.send(context))
      .catch((error: unknown) => {
        const { request, outcome } = context;
        // Without a reader, a stream would never end.
        if (outcome !== undefined && isStream(outcome)) outcome.return?.().catch(() => {});
        this.#fail(request.incoming, error);
      });
  }

  #overBound({ address }: HttpRequest, caller: string | undefined, bound: ExceededBound): unknown {
    const setting = `limits.bufferedBytes.${bound}`;
    this.#options.securityLog.report({ reason: 'buffered_bytes', address, caller: callerOf(caller), setting });
    return bufferError(setting);
  }

  /** Logs the error and closes the connection. A request that cannot be answered must not end the process. */
  #fail({ socket }: IncomingRequest, error: unknown): void {
    this.#options.graphql.maskError(error);
    socket.destroy();
  }
}

const tooManyConnections = (maximum: number) =>
  limitError(
    'SOCKET_LIMIT_EXCEEDED',
    `The gateway has ${maximum} open connections, the maximum (limits.connections). Close some, or try again later.`,
    { maximum, retryAfterMs: RETRY_AFTER_MS },
  );

/** Whether a request carries an operation. Yoga accepts every URL that ends with the path of its endpoint. */
function carriesOperation({ method, url }: HttpRequest): boolean {
  if (method !== 'POST' && method !== 'GET') return false;
  const { pathname, href } = new URL(`http://localhost${url}`);
  return [pathname, href].some((text) => text.endsWith(ENDPOINT) || text.endsWith(`${ENDPOINT}/`));
}
