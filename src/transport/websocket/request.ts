import type { IncomingHttpHeaders } from 'node:http';
import type { Context, SubscribePayload } from 'graphql-ws';
import type { Carrier } from '../../pipeline/operation.ts';
import { CARRIED_HEADERS, type CarriedHeader, memberOf, PRINCIPAL_HEADER } from '../../pipeline/operation.ts';
import { quoted } from '../../schema/quoted.ts';

const CARRIED: ReadonlySet<string> = new Set(CARRIED_HEADERS);

/** What a connection keeps of the headers of the request that opened it. */
export type Headers = Partial<Record<CarriedHeader, string>>;

export function carriedHeaders(headers: IncomingHttpHeaders): Headers {
  const carried: Headers = {};
  for (const name of CARRIED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) carried[name] = value.toString();
  }
  return carried;
}

/** The connection of a request, as far as the request and the pipeline's hooks need it. */
export interface RequestConnection {
  readonly headers: Headers;
  readonly address: string;
  /** See `Carrier.socket`. */
  subscribed(request: WebSocketRequest): void;
  begun(): void;
  authenticated(limitKey: string): void;
  expiresAt(time: number): void;
}

type ConnectionContext = Context<Record<string, unknown> | undefined, RequestConnection>;

/** What a client says in `connectionParams`, in either spelling; a browser's WebSocket has no headers of its own. */
export function authorizationOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const said = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  // What cannot be a header is a credential that nobody has.
  return said == null ? undefined : typeof said === 'string' && /^[ -~]+$/.test(said) ? said : 'unreadable';
}

/**
 * What carries an operation that came over a WebSocket, so that the pipeline need not know the difference: it has
 * the headers of the request that opened the socket, then what `connectionParams` says, then what the operation itself says.
 */
export class WebSocketRequest implements Carrier {
  readonly transport = 'websocket';
  readonly method = 'POST';
  /** False for a subscription: nobody waits for its end. */
  finite = true;
  /** Whether its client has gone, or has asked for its end. */
  left = false;
  /** Of the message that began it. */
  messageBytes = 0;
  /** The same, once they are counted as buffered. */
  heldBytes = 0;
  #isBegun = false;
  readonly #context: ConnectionContext;
  readonly #own: ReadonlyMap<string, string> | undefined;
  #departure: AbortController | undefined;

  constructor(context: ConnectionContext, payload: SubscribePayload) {
    this.#context = context;
    this.#own = ownHeaders(payload);
  }

  get address(): string {
    return this.#context.extra.address;
  }

  header(name: CarriedHeader): string | undefined {
    const said = this.#own?.get(name);
    if (said !== undefined) return said;
    const { connectionParams, extra } = this.#context;
    switch (name) {
      case 'authorization':
        return authorizationOf(connectionParams) ?? extra.headers[name];
      case PRINCIPAL_HEADER:
        return principalOf(connectionParams) ?? extra.headers[name];
      default:
        return extra.headers[name];
    }
  }

  get departed(): AbortSignal {
    if (this.#departure === undefined) {
      this.#departure = new AbortController();
      if (this.left) this.#departure.abort();
    }
    return this.#departure.signal;
  }

  /** Its client has gone, or asks for its end. */
  leave(): void {
    this.left = true;
    this.#departure?.abort();
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

/** A name of another type is as unknown as one that is not configured; its text makes the error that says so. */
function principalOf(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const named = connectionParams?.['principal'];
  if (named == null) return undefined;
  return typeof named === 'string' ? named : quoted(named);
}

function ownHeaders({ extensions }: SubscribePayload): ReadonlyMap<string, string> | undefined {
  const headers = memberOf(extensions, 'headers');
  if (typeof headers !== 'object' || headers === null) return undefined;
  const own = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (CARRIED.has(lower) && typeof value === 'string') own.set(lower, value.trim());
  }
  return own;
}
