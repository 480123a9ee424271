import { isIP } from 'node:net';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { PreparedOperation } from '../executor/index.ts';
import type { Freshness } from '../inventory/types.ts';
import { type AuthenticationError, type Caller, isAnonymous, type Principal } from '../principal/index.ts';
import type { GatewayChange, GraphContext } from '../schema/context.ts';
import type { UpstreamCost, UpstreamSession, WriteEnd } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';

/** The transport-independent view of a request. */
export interface TransportRequest {
  readonly transport: 'http' | 'websocket';
  /** The HTTP method; POST for a WebSocket operation. */
  readonly method: string;
  /** The client's address: see `ClientAddresses`. */
  readonly address: string;
  /** The caller or the authentication error, if the transport has authenticated the request already. */
  readonly caller?: Caller | AuthenticationError | undefined;
  /**
   * A header by its name in lower case; on a WebSocket, from the upgrade request, `connectionParams` or the operation.
   */
  header(name: OperationHeader): string | undefined;
  /** Aborted when the client disconnects or cancels the operation. */
  readonly abortSignal: AbortSignal;
  /** Whether it has done so. */
  readonly isGone: boolean;
  /** The operation's WebSocket; absent for HTTP. */
  readonly socket?: {
    /** Reports that the operation is a subscription, for which closing the connection does not wait. */
    subscribed(): void;
    /** Reports the start of execution. */
    begun(): void;
    /** Reports valid credentials. See `Operation.limitKey`. */
    authenticated(limitKey: string): void;
    /** Reports when the credentials expire, in ms since the epoch; subscriptions end then. */
    expiresAt(time: number): void;
  };
}

/**
 * The HTTP header that names the principal; `connectionParams.principal` becomes it on a WebSocket. In lower case, as
 * all of them here.
 */
export const PRINCIPAL_HEADER = 'x-orgql-principal';
/** The request id, in requests and responses. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** With the value `only`, the response is the estimate; so it is with `extensions.orgql.estimate: true`. */
export const ESTIMATE_HEADER = 'x-orgql-estimate';
/** The headers of W3C Trace Context; https://www.w3.org/TR/trace-context/ */
export const TRACE_HEADERS = ['traceparent', 'tracestate'] as const;

/**
 * All headers that an operation can have; on a WebSocket also in `extensions.headers`, as GraphiQL sends what its
 * headers editor holds. A connection that stays open keeps these, and no others.
 */
export const OPERATION_HEADERS = [
  'authorization',
  'cache-control',
  PRINCIPAL_HEADER,
  REQUEST_ID_HEADER,
  ESTIMATE_HEADER,
  ...TRACE_HEADERS,
] as const;

export type OperationHeader = (typeof OPERATION_HEADERS)[number];

/** Parameters of GraphQL over HTTP, of any type until they are validated. */
export interface Params {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/**
 * The parameter of GraphQL over HTTP's appendix on persisted documents, beside the extension that Apollo's clients
 * send.
 */
export const DOCUMENT_ID = 'documentId';

/** Returns an own member of a client's value; undefined if it is not an object or has no such member. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

export interface CheckedParams {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const EXPECTED = new Set(['query', 'variables', 'operationName', 'extensions', DOCUMENT_ID]);

/** Validates parameters as GraphQL over HTTP requires. @throws GraphQLError that names the invalid parameter. */
export function checkParams(params: Params): CheckedParams {
  const { query, operationName, variables, extensions } = params;
  for (const name in params)
    if (!EXPECTED.has(name) && memberOf(params, name) != null)
      throw badRequest(`Unexpected parameter "${name}" in the request body.`);
  if (query == null) throw badRequest('Must provide query string.', { spec: true });
  if (typeof query !== 'string') throw badRequest(`Expected "query" param to be a string, but given ${typeOf(query)}.`);
  if (operationName != null && typeof operationName !== 'string')
    throw badRequest(`Expected "operationName" param to be a string, but given ${typeOf(operationName)}.`);
  if (!isObjectOrNone(variables))
    throw badRequest(`Expected "variables" param to be empty or an object, but given ${typeOf(variables)}.`);
  if (!isObjectOrNone(extensions))
    throw badRequest(`Expected "extensions" param to be empty or an object, but given ${typeOf(extensions)}.`);
  return { query, operationName: operationName ?? undefined, variables: variables ?? NO_VARIABLES };
}

const NO_VARIABLES = Object.freeze({});

function isObjectOrNone(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function badRequest(message: string, http: { readonly spec?: true } = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_REQUEST', http: { status: 400, ...http, headers: { Allow: 'GET, POST' } } },
  });
}

/** One result, or a stream of results (a subscription's events, or an incremental result). */
export type ExecutionOutcome = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };

/**
 * The state of one operation in the pipeline, which its steps fill in for later steps and resolvers. The upstream
 * session is opened on first use, as many operations are rejected or make no call.
 */
export class Operation implements GraphContext {
  readonly request: TransportRequest;
  /** On the clock of `performance.now()`, in ms. */
  readonly begunAt = performance.now();
  params: Params;
  requestId = '';
  caller!: Caller;
  principal!: Principal;
  principals!: readonly Principal[];
  watcher!: Watcher;
  settings!: GraphContext['settings'];
  streams = false;
  /** Absent if the client accepts only what a read without options returns. */
  declare freshness?: Freshness;
  /** `exactOptionalPropertyTypes`: absent until it is known. */
  declare forecast?: NonNullable<GraphContext['forecast']>;
  declare turns?: NonNullable<GraphContext['turns']>;
  declare loaders?: GraphContext['loaders'];
  declare onWriteBegin?: (field: string | number) => void;
  declare onWriteEnd?: (end: WriteEnd) => void;
  declare onGatewayChange?: (change: GatewayChange) => void;
  /** The response keys of a running mutation's fields that are audited, now or when AWS replies. */
  declare accounted?: Set<string | number>;
  /** The verified hash of its document, if the client sent both to register a persisted query. */
  declare persistedHash?: string;
  /** The transport's reason to reject it. */
  declare refusal?: GraphQLError;
  /** Absent until its document is parsed and valid. */
  prepared: PreparedOperation | undefined;
  /** As they were sent. */
  variables: Readonly<Record<string, unknown>> = {};
  /** A method instead of a closure, which would cost more than its body. */
  openSession: ((operation: Operation) => UpstreamSession) | undefined;
  #session: UpstreamSession | undefined;
  #limitKey = '';
  #limitKeyOf: Caller | undefined;
  #sessionFrom = this.begunAt;

  constructor(request: TransportRequest, params: Params) {
    this.request = request;
    this.params = params;
  }

  /**
   * Key of limits per caller: the caller's name or, with `auth: none`, the client's address, so that one client cannot
   * use up all.
   */
  get limitKey(): string {
    if (this.#limitKeyOf !== this.caller) {
      this.#limitKeyOf = this.caller;
      this.#limitKey = limitKeyOf(this.caller, this.request.address);
    }
    return this.#limitKey;
  }

  get session(): UpstreamSession {
    if (this.#session === undefined) {
      if (this.openSession === undefined) throw new TypeError('The operation has no principal yet.');
      this.#session = this.openSession(this);
    }
    return this.#session;
  }

  renewSession(): void {
    this.#session = undefined;
    this.#sessionFrom = performance.now();
  }

  /** Time since the operation, or its present event, arrived, in ms. */
  get sessionSpentMs(): number {
    return performance.now() - this.#sessionFrom;
  }

  /** The cost so far, in the present session. */
  get cost(): Readonly<UpstreamCost> {
    return this.#session?.cost ?? NOTHING;
  }
}

export function isStream<R extends object>(result: R | AsyncIterable<R>): result is AsyncIterable<R> {
  return Symbol.asyncIterator in result;
}

/** See `Operation.limitKey`. */
export function limitKeyOf(caller: Caller, address: string): string {
  return isAnonymous(caller) ? addressLimitKey(address) : `caller ${caller.name}`;
}

/** The key of a client's address. See `Operation.limitKey`. */
export function addressLimitKey(address: string): string {
  return `address ${addressKey(address)}`;
}

/** The caller's name in a `limitKey`; undefined for an address. */
export function callerOf(limitKey: string | undefined): string | undefined {
  return limitKey?.startsWith('caller ') ? limitKey.slice('caller '.length) : undefined;
}

/**
 * The key of an address: an IPv4 address, or the /64 of an IPv6 address, as one host usually has all of a /64.
 * https://www.rfc-editor.org/rfc/rfc6177
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  // The URL parser writes every IPv6 address in its shortest form.
  const groups = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const head = groups[0]?.split(':') ?? [];
  const tail = groups[1]?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - head.filter(Boolean).length - tail.length }, () => '0');
  const full = groups.length === 1 ? head : [...head.filter(Boolean), ...zeros, ...tail];
  return `${full.slice(0, 4).join(':')}::/64`;
}

/** The subject of a limit per caller, for messages. */
export function subject({
  caller,
  request,
}: {
  readonly caller: Caller;
  readonly request: { readonly address: string };
}): string {
  return isAnonymous(caller) ? `The address ${request.address}` : `The caller "${caller.name}"`;
}
