import { isIP } from 'node:net';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { PreparedOperation } from '../executor/index.ts';
import { type AuthenticationError, type Caller, isAnonymous, type Principal } from '../principal/index.ts';
import type { GraphContext } from '../schema/context.ts';
import type { UpstreamCost, UpstreamSession, WriteEnd } from '../upstream/index.ts';
import type { Watcher } from '../watcher/types.ts';

/** The transport-independent view of a request. */
export interface TransportRequest {
  readonly transport: 'http' | 'websocket';
  /** The HTTP method; POST for a WebSocket operation. */
  readonly method: string;
  /** The client's address: see `ClientAddresses`. */
  readonly address: string;
  /** The caller, where the transport has authenticated it already, or why it could not. */
  readonly caller?: Caller | AuthenticationError | undefined;
  /** A header by its name in lower case; of a WebSocket, what its opening request, `connectionParams` and the operation itself say. */
  header(name: OperationHeader): string | undefined;
  /** Fires when the client has gone away, or asks for the operation's end. */
  readonly abortSignal: AbortSignal;
  /** The WebSocket that the operation came over; absent for an HTTP request of its own. */
  readonly socket?: {
    /** Tells that the operation is a subscription: it ends with the connection, which does not wait for it. */
    subscribed(): void;
    /** The operation is executed from now on. */
    begun(): void;
    /** The operation has shown valid credentials. See `Operation.limitKey`. */
    authenticated(limitKey: string): void;
    /** Tells until when that holds, in ms since the epoch: a subscription does not go on after it. */
    expiresAt(time: number): void;
  };
}

/** The HTTP header that names the principal; `connectionParams.principal` becomes it on a WebSocket. In lower case, as all of them here. */
export const PRINCIPAL_HEADER = 'x-orgql-principal';
/** A request's id comes in and goes back in it. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Set to `only`, it asks for the estimate instead of the data; so does `extensions.orgql.estimate: true` in the operation. */
export const ESTIMATE_HEADER = 'x-orgql-estimate';
/** The headers of W3C Trace Context; https://www.w3.org/TR/trace-context/ */
export const TRACE_HEADERS = ['traceparent', 'tracestate'] as const;

/**
 * All headers that an operation can have; on a WebSocket also in `extensions.headers`, as GraphiQL sends what its headers editor holds. A connection that stays
 * open keeps these, and no others.
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

/** Parameters of GraphQL over HTTP. They are what a client sent, of whatever type, until they are checked. */
export interface Params {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/** The parameter of GraphQL over HTTP's appendix on persisted documents, beside the extension that Apollo's clients send. */
export const DOCUMENT_ID = 'documentId';

/** A member of what a client has sent, which may be anything; undefined when it is no object, or has no such member of its own. */
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

/** Checks parameters as GraphQL over HTTP requires. @throws GraphQLError that names the parameter that is wrong. */
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

/** What an operation is answered with: one result, or a stream of them (a subscription's events, or a result in pieces). */
export type ExecutionOutcome = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 };

/**
 * One operation on its way through the pipeline: what each step has found out of it, for the steps after it and for the resolvers. A session with the
 * upstream is opened when it is first needed: many operations are rejected, and some of the rest call AWS for nothing.
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
  /** `exactOptionalPropertyTypes`: absent until it is known. */
  declare forecast?: NonNullable<GraphContext['forecast']>;
  declare turns?: NonNullable<GraphContext['turns']>;
  declare loaders?: NonNullable<GraphContext['loaders']>;
  declare onWriteBegin?: (field: string | number) => void;
  declare onWriteEnd?: (end: WriteEnd) => void;
  /** Of a mutation that runs: the keys of its fields whose lines of the audit are written, or will be when AWS has answered. */
  declare accounted?: Set<string | number>;
  /** The hash of its document, verified, when the client sent both so that the gateway keeps the document. */
  declare persistedHash?: string;
  /** Why the transport does not let it run. */
  declare refusal?: GraphQLError;
  /** Absent until its document has been understood: it can run, if its variables are right and its caller may. */
  prepared: PreparedOperation | undefined;
  /** As they were sent. */
  variables: Readonly<Record<string, unknown>> = {};
  /** One for all operations: a closure for each would cost more than what it is for. */
  openSession: ((operation: Operation) => UpstreamSession) | undefined;
  #session: UpstreamSession | undefined;
  #limitKey = '';
  #limitKeyOf: Caller | undefined;
  #sessionFrom = this.begunAt;

  constructor(request: TransportRequest, params: Params) {
    this.request = request;
    this.params = params;
  }

  /** What limits per caller count by: the caller's name or, with `auth: none`, the client's address, so that one client cannot use up what is meant for all. */
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

  /** Time since the session's work began, in ms: since the operation was there, or the event. */
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

/** What counts by a client's address. See `Operation.limitKey`. */
export function addressLimitKey(address: string): string {
  return `address ${addressKey(address)}`;
}

/** The caller's name in a `limitKey`; undefined for an address. */
export function callerOf(limitKey: string | undefined): string | undefined {
  return limitKey?.startsWith('caller ') ? limitKey.slice('caller '.length) : undefined;
}

/**
 * What limits count by: an IPv4 address, or the /64 of an IPv6 address, as one host usually has all of a /64.
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

/** Whom a limit per caller holds for, in words. */
export function subject({
  caller,
  request,
}: {
  readonly caller: Caller;
  readonly request: { readonly address: string };
}): string {
  return isAnonymous(caller) ? `The address ${request.address}` : `The caller "${caller.name}"`;
}
