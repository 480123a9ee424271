import type { IncomingMessage } from 'node:http';
import type { Carrier } from '../../pipeline/operation.ts';
import { REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { ENDPOINT, isCrossOrigin } from '../request-checks.ts';
import type { BufferedResponse } from './buffered-response.ts';
import { type ResultType, readAccept } from './request-headers.ts';

const JSON_TYPE = /^application\/json(?:;|$)/;
const NO_ORIGINS: readonly string[] = [];

/** An HTTP request and its response, as the pipeline, the routes and Yoga see them. */
export class HttpRequest implements Carrier {
  readonly transport = 'http';
  readonly incoming: IncomingMessage;
  readonly response: BufferedResponse;
  readonly address: string;
  /** Set once the credentials are checked. */
  caller: Carrier['caller'];
  /**
   * The media type of the result, for the common request: JSON in and JSON out by POST. It is answered without the objects of the Fetch standard, which cost more than all the rest.
   * Undefined for requests that Yoga answers: other methods and types, pages of other origins, and results in parts.
   */
  readonly resultType: ResultType | undefined;
  #requestId: string | undefined;
  #departed: AbortSignal | undefined;

  constructor(incoming: IncomingMessage, response: BufferedResponse, address: string) {
    this.incoming = incoming;
    this.response = response;
    this.address = address;
    this.resultType = resultTypeOf(incoming);
  }

  get method(): string {
    return this.incoming.method ?? '';
  }

  /** Without its query. */
  get path(): string {
    return this.incoming.url?.split('?')[0] ?? '';
  }

  get requestId(): string {
    this.#requestId ??= requestIdOf(this.header(REQUEST_ID_HEADER));
    return this.#requestId;
  }

  /** A header by its name in lower case, as one text however often it was sent. */
  header(name: string): string | undefined {
    const value = this.incoming.headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  }

  /** Whether the client has disconnected. A response that waits behind another on its connection (HTTP pipelining) has no socket of its own yet: the request has. */
  get isGone(): boolean {
    const { destroyed, closed, req } = this.response;
    return destroyed || closed || req.socket.destroyed;
  }

  /** Made when it is needed: most operations are over before a client could leave. */
  get departed(): AbortSignal {
    this.#departed ??= disconnectSignal(this.response);
    return this.#departed;
  }
}

/** Fires when the connection ends before the response is sent. */
function disconnectSignal(response: BufferedResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed || response.closed) onClose();
  else response.once('close', onClose);
  return controller.signal;
}

function resultTypeOf({ method, url, headers }: IncomingMessage): ResultType | undefined {
  const isJsonPost =
    method === 'POST' &&
    url === ENDPOINT &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    isSameOrigin(headers);
  if (!isJsonPost) return undefined;
  const { result, asksForStream } = readAccept(headers.accept);
  return asksForStream ? undefined : result;
}

/** The response to a page of another origin, allowed or not, has CORS headers, which Yoga adds. */
function isSameOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return true;
  return !isCrossOrigin({ get: (name) => headers[name]?.toString() }, NO_ORIGINS);
}
