import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import { REQUEST_ID_HEADER, type TransportRequest } from '../../pipeline/operation.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { ENDPOINT, isCrossOrigin } from '../request-checks.ts';
import type { HttpResponse, IncomingRequest } from './http-response.ts';

export type ResultType = 'application/json' | 'application/graphql-response+json';

const JSON_TYPE = /^application\/json(?:;|$)/;
const NO_ORIGINS: readonly string[] = [];

/** An HTTP request and its response, as the pipeline, the routes and Yoga see them. */
export class HttpRequest implements TransportRequest {
  readonly transport = 'http';
  readonly incoming: IncomingRequest;
  readonly response: HttpResponse;
  readonly address: string;
  /** Path and query, relative to where the gateway is mounted. */
  readonly url: string;
  /** Set once the credentials are checked. */
  caller: TransportRequest['caller'];
  /**
   * The media type of the result of the common request, JSON in and JSON out by POST: it is answered without the
   * objects of the Fetch standard, which cost seven times all the rest. Undefined for requests that Yoga answers: other
   * methods and types, pages of other origins, and results in parts.
   */
  readonly resultType: ResultType | undefined;
  #requestId: string | undefined;
  #abortSignal: AbortSignal | undefined;

  constructor(incoming: IncomingRequest, response: HttpResponse, address: string, url = incoming.url ?? '') {
    this.incoming = incoming;
    this.response = response;
    this.address = address;
    this.url = url;
    this.resultType = resultTypeOf(incoming, url);
  }

  get method(): string {
    return this.incoming.method ?? '';
  }

  /** The path without the query string. */
  get path(): string {
    return this.url.split('?', 1)[0] ?? '';
  }

  get requestId(): string {
    this.#requestId ??= requestIdOf(this.header(REQUEST_ID_HEADER));
    return this.#requestId;
  }

  /** Returns a header by its lower-case name. Repeated headers are joined to one text. */
  header(name: string): string | undefined {
    const value = this.incoming.headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  }

  /** Whether the client has disconnected. A response that waits behind another (HTTP pipelining) has no socket yet. */
  get isGone(): boolean {
    const { destroyed, closed, req } = this.response;
    return destroyed || closed || req.socket.destroyed;
  }

  /** Created on demand, as most operations end before a client could disconnect. */
  get abortSignal(): AbortSignal {
    this.#abortSignal ??= disconnectSignal(this.response);
    return this.#abortSignal;
  }
}

/** Fires when the connection ends before the response is sent. */
function disconnectSignal(response: HttpResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed || response.closed) onClose();
  else response.once('close', onClose);
  return controller.signal;
}

function resultTypeOf({ method, headers }: IncomingRequest, url: string): ResultType | undefined {
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

/** Yoga adds the CORS headers that responses to pages of other origins need, allowed or not. */
function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return true;
  return !isCrossOrigin({ get: (name) => headers[name]?.toString() }, NO_ORIGINS);
}

interface Accepted {
  /** The media type of a single result; undefined when none of ours is accepted. */
  readonly result: ResultType | undefined;
  /** Whether the client names a type of streams. */
  readonly asksForStream: boolean;
  readonly events: boolean;
}

const RESULT_TYPES: readonly ResultType[] = ['application/graphql-response+json', 'application/json'];
const EVENTS = 'text/event-stream';
const PIECES = 'multipart/mixed';

/** Clients send few different values, so the results are kept. */
const MAX_ACCEPTS = 200;

/** Reads an `Accept` header. The first accepted type is sent; any type gets `application/json`. Only UTF-8 is sent. */
export function readAccept(header: string | undefined): Accepted {
  return acceptedTypes.memo(header || '*/*');
}

const acceptedTypes = new LRUCache<string, Accepted>({ max: MAX_ACCEPTS, memoMethod: parseAccept });

function parseAccept(text: string): Accepted {
  const types = text
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',')
    .flatMap((each) => {
      const [type = '', ...params] = each.split(';');
      const charset = params.find((param) => param.includes('charset=')) ?? 'charset=utf-8';
      return charset === 'charset=utf-8' ? [type] : [];
    });
  const preferred = types.find((type) => RESULT_TYPES.some((ours) => matches(ours, type)));
  return {
    result: preferred === undefined ? undefined : RESULT_TYPES.findLast((ours) => matches(ours, preferred)),
    asksForStream: types.includes(EVENTS) || types.includes(PIECES),
    events: types.some((type) => matches(EVENTS, type)),
  };
}

/** Whether a type, in which either half may be `*`, covers one of ours. */
function matches(ours: string, type: string): boolean {
  const [main, sub] = ours.split('/');
  const [mainType, subType] = type.split('/');
  return (mainType === '*' || mainType === main) && (subType === '*' || subType === sub);
}

/**
 * Writes the headers of content negotiation as most clients do, so that they can be compared as text: media types in
 * lower case without white space around `;` and `,` (RFC 9110, section 8.3.1), a charset without quotes, and accepted
 * types in the order of their weights, without those of weight 0 (section 12.5.1).
 */
export function normalizeHeaders(headers: IncomingHttpHeaders): void {
  const { accept, 'content-type': type, 'content-encoding': encoding } = headers;
  if (type !== undefined && !PLAIN_TYPE.test(type)) headers['content-type'] = plainType(type);
  if (accept !== undefined && WEIGHTS_OR_QUOTES.test(accept)) headers.accept = plainAccepts.memo(accept);
  // RFC 9110, section 8.4: a list, which may be empty.
  if (encoding?.trim() === '') delete headers['content-encoding'];
}

const PLAIN_TYPE = /^[a-z0-9.+/-]+(?:;|$)/;
const WEIGHTS_OR_QUOTES = /q\s*=|"/i;
const QUOTED_CHARSET = /(charset\s*=\s*)"([^"]*)"/i;

/** Parameters stay as they are: a boundary is case-sensitive. */
function plainType(type: string): string {
  const [media = '', ...parameters] = type.split(';');
  return [media.trim().toLowerCase(), ...parameters].join(';');
}

const plainAccepts = new LRUCache<string, string>({ max: MAX_ACCEPTS, memoMethod: plainAccept });

function plainAccept(accept: string): string {
  const accepted = accept
    .split(',')
    .map((each) => ({ text: each.trim().replace(QUOTED_CHARSET, '$1$2'), weight: weightOf(each) }))
    .filter(({ text, weight }) => text !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ text }) => text);
  return accepted.length > 0 ? accepted.join(', ') : ACCEPTS_NOTHING;
}

/** Without the header, every type would be accepted. */
const ACCEPTS_NOTHING = 'none/none';

/** A weight that is no number between 0 and 1 is ignored. */
function weightOf(accepted: string): number {
  const [, text = ''] = /;\s*q\s*=\s*([\d.]+)/i.exec(accepted) ?? [];
  const weight = Number(text);
  return text !== '' && weight >= 0 && weight <= 1 ? weight : 1;
}
