import type { IncomingHttpHeaders } from 'node:http';
import type { Context, SubscribePayload } from 'graphql-ws';
import type { TransportRequest } from '../../pipeline/operation.ts';
import { memberOf, OPERATION_HEADERS, type OperationHeader, PRINCIPAL_HEADER } from '../../pipeline/operation.ts';
import { quoted } from '../../schema/quoted.ts';

const NAMES: ReadonlySet<string> = new Set(OPERATION_HEADERS);

/** The headers of the upgrade request that a connection keeps. */
export type Headers = Partial<Record<OperationHeader, string>>;

export function operationHeaders(headers: IncomingHttpHeaders): Headers {
  const kept: Headers = {};
  for (const name of OPERATION_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value.toString();
  }
  return kept;
}

/** The members of a connection that requests and hooks of the pipeline need. */
export interface RequestConnection {
  readonly headers: Headers;
  readonly address: string;
  /** See `TransportRequest.socket`. */
  subscribed(request: WebSocketRequest): void;
  begun(): void;
  authenticated(limitKey: string): void;
  expiresAt(time: number): void;
}

type ConnectionContext = Context<Record<string, unknown> | undefined, RequestConnection>;

/** The credentials in `connectionParams`, in either spelling; a browser's WebSocket has no headers of its own. */
export function authorizationOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  if (value == null) return undefined;
  // A value that cannot be a header is not a credential.
  return typeof value === 'string' && /^[ -~]+$/.test(value) ? value : 'unreadable';
}

/** A request over a WebSocket. Its headers are its own (`extensions.headers`), `connectionParams`, or the upgrade's. */
export class WebSocketRequest implements TransportRequest {
  readonly transport = 'websocket';
  readonly method = 'POST';
  /** False for a subscription: a shutdown does not wait for its end. */
  isFinite = true;
  /** Whether the client has disconnected or completed the operation. */
  isCancelled = false;
  /** Of the message that began the operation. */
  messageBytes = 0;
  /** The same bytes after they are counted as buffered. */
  heldBytes = 0;
  #isBegun = false;
  readonly #context: ConnectionContext;
  readonly #own: ReadonlyMap<string, string> | undefined;
  #controller: AbortController | undefined;

  constructor(context: ConnectionContext, payload: SubscribePayload) {
    this.#context = context;
    this.#own = ownHeaders(payload);
  }

  get address(): string {
    return this.#context.extra.address;
  }

  header(name: OperationHeader): string | undefined {
    const own = this.#own?.get(name);
    if (own !== undefined) return own;
    const { connectionParams, extra } = this.#context;
    switch (name) {
      case 'authorization':
        return authorizationOf(connectionParams) ?? extra.headers[name];
      case PRINCIPAL_HEADER:
        return principalOf(connectionParams) ?? extra.headers[name];
      case 'cache-control':
        // Browsers send `no-cache` with every upgrade; it does not concern the operations.
        return undefined;
      default:
        return extra.headers[name];
    }
  }

  get abortSignal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isCancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  get isGone(): boolean {
    return this.isCancelled;
  }

  cancel(): void {
    this.isCancelled = true;
    this.#controller?.abort();
  }

  get socket(): this {
    return this;
  }

  subscribed(): void {
    this.#context.extra.subscribed(this);
  }

  begun(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#context.extra.begun();
  }

  authenticated(limitKey: string): void {
    this.#context.extra.authenticated(limitKey);
  }

  expiresAt(time: number): void {
    this.#context.extra.expiresAt(time);
  }
}

/** A name of another type is unknown; the error quotes it. */
function principalOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const name = connectionParams?.['principal'];
  if (name == null) return undefined;
  return typeof name === 'string' ? name : quoted(name);
}

function ownHeaders({ extensions }: SubscribePayload): ReadonlyMap<string, string> | undefined {
  const headers = memberOf(extensions, 'headers');
  if (typeof headers !== 'object' || headers === null) return undefined;
  const own = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (NAMES.has(lower) && typeof value === 'string') own.set(lower, value.trim());
  }
  return own;
}
