import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Carrier } from '../../pipeline/operation.ts';
import type { ClientAddresses } from '../client-address.ts';

/** A request of Node's own server. */
export class HttpCarrier implements Carrier {
  readonly transport = 'http';
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #departed: AbortSignal | undefined;

  readonly address: string;
  readonly caller: Carrier['caller'];

  constructor(request: IncomingMessage, response: ServerResponse, address: string, caller?: Carrier['caller']) {
    this.address = address;
    this.caller = caller;
    this.#request = request;
    this.#response = response;
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  header(name: string): string | undefined {
    return headerOf(this.#request, name);
  }

  /** Made when somebody wants to know: most operations are over before anybody could leave. */
  get departed(): AbortSignal {
    this.#departed ??= disconnectSignal(this.#response);
    return this.#departed;
  }
}

/** A header by its name in lower case, as one text however often it was sent. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

/** The client's address. */
export function addressOf(request: IncomingMessage, addresses: ClientAddresses): string {
  return addresses.of(request.socket.remoteAddress, headerOf(request, 'x-forwarded-for'));
}

/** Fires when the connection ends before the response is sent. */
export function disconnectSignal(response: ServerResponse): AbortSignal {
  const departure = new AbortController();
  const look = () => {
    if (!response.writableFinished) departure.abort();
  };
  if (response.destroyed || response.closed) look();
  else response.once('close', look);
  return departure.signal;
}
