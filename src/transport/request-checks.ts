import type { OutgoingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { isLoopback } from '../config/addresses.ts';
import type { Config } from '../config/index.ts';
import type { SecurityReason } from '../pipeline/security-log.ts';
import type { IncomingRequest } from './http/http-response.ts';

/** Path of HTTP, SSE, WebSocket and GraphiQL alike. */
export const ENDPOINT = '/graphql';

/** Methods for which the Fetch standard allows no `Request`: https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** Media types that a page of another origin cannot POST without a CORS preflight, which is rejected. */
const JSON_TYPES = new Set(['application/json', 'application/graphql+json']);

/** A host name, an IPv4 address or an IPv6 address in brackets, with or without a port. */
const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Maximum number of cached results. A server has few names. */
const MAX_HOSTS = 100;

interface Rejection {
  readonly status: number;
  readonly message: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Absent if it is no security event. */
  readonly reason?: SecurityReason;
}

type CheckedRequest = Pick<IncomingRequest, 'headers' | 'method' | 'rawHeaders'>;

interface HeaderReader {
  get(name: string): string | null | undefined;
}

/** Rejects requests for other hosts, malformed ones and those of other origins, from their headers alone. */
export class RequestChecks {
  readonly #host: string;
  readonly #ownHosts: LRUCache<string, boolean>;
  readonly #allowedOrigins: readonly string[];

  constructor({ host, allowedHosts, allowedOrigins }: Pick<Config, 'host' | 'allowedHosts' | 'allowedOrigins'>) {
    this.#host = host;
    this.#ownHosts = new LRUCache({
      max: MAX_HOSTS,
      memoMethod: (name) => isOwnHost(host, allowedHosts, name || undefined),
    });
    this.#allowedOrigins = allowedOrigins;
  }

  /** Why a request is not answered. `url`: see `HttpRequest.url`. `expectation`: what its header `Expect` asks for. */
  rejection(
    request: CheckedRequest,
    url: string,
    expectation: 'continue' | 'unsupported' | undefined,
  ): Rejection | undefined {
    const { headers, method = '' } = request;
    const wrongHost = this.#hostRejection(request);
    if (wrongHost !== undefined) return wrongHost;
    if (FORBIDDEN_METHODS.has(method.toUpperCase()))
      return { status: 405, message: `The method ${method} is not supported.` };
    // RFC 9110, section 15.5.16: a client that compresses learns that it need not.
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
      const message = `A body with the content-encoding "${encoding.slice(0, 100)}" is not read; send it as it is.`;
      return { status: 415, message, headers: { 'accept-encoding': 'identity' } };
    }
    // RFC 9110, section 10.1.1.
    if (expectation === 'unsupported') return { status: 417, message: 'The header Expect may only be 100-continue.' };
    // RFC 9112, section 3.2: a client without a proxy sends a path.
    if (url !== ENDPOINT && (!url.startsWith('/') || !URL.canParse(`http://localhost${url}`)))
      return { status: 400, message: 'The request target is not a path.', reason: 'request_malformed' };
    return undefined;
  }

  /** Why a WebSocket is not opened. `path`: of the request, without the query string. */
  upgradeRejection(request: CheckedRequest, path: string): Pick<Rejection, 'status' | 'reason'> | undefined {
    if (path !== ENDPOINT) return { status: 404 };
    const wrongHost = this.#hostRejection(request);
    if (wrongHost !== undefined) return wrongHost;
    const headers = { get: (name: string) => request.headers[name]?.toString() };
    return isCrossOrigin(headers, this.#allowedOrigins) ? { status: 403, reason: 'origin_rejected' } : undefined;
  }

  /**
   * Keeps pages of other origins from running operations with the reader's network position (cross-site request
   * forgery): nothing that a browser sends for such a page is run, and a POST must be JSON, which forms cannot send.
   */
  csrfRejection(method: string, headers: HeaderReader): GraphQLError | undefined {
    if (isCrossOrigin(headers, this.#allowedOrigins)) {
      const message =
        'Requests from pages of another origin are not allowed. Serve the page from this origin, call from a server, or name its origin in allowedOrigins.';
      return new GraphQLError(message, { extensions: { code: 'CROSS_ORIGIN', http: { status: 403 } } });
    }
    if (method !== 'POST') return undefined;
    const type = headers.get('content-type')?.split(/[;,]/)[0]?.trim().toLowerCase();
    if (type && JSON_TYPES.has(type)) return undefined;
    return new GraphQLError(
      `POST the operation as JSON: content-type is ${type ?? 'missing'}, expected application/json.`,
      { extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http: { status: 415 } } },
    );
  }

  #hostRejection({ headers: { host }, rawHeaders }: CheckedRequest): Rejection | undefined {
    // RFC 9112, section 3.2.
    if (!isWellFormedHost(host, rawHeaders)) {
      const message =
        'The Host header has to be there once, and to be a host name or an IP address, with or without a port.';
      return { status: 400, message, reason: 'request_malformed' };
    }
    if (this.#ownHosts.memo(host ?? '')) return undefined;
    const message = `This server listens on ${this.#host} and does not answer to the host "${host?.slice(0, 100)}"; call it localhost or 127.0.0.1, or name it in allowedHosts.`;
    return { status: 421, message, reason: 'host_rejected' };
  }
}

/** Whether a request has one Host at most, and one that names a host. Requests of HTTP/1.0 may have none. */
function isWellFormedHost(host: string | undefined, rawHeaders: readonly string[]): boolean {
  if (host === undefined) return true;
  if (!HOST.test(host)) return false;
  let count = 0;
  // Node keeps the first of several, while a proxy may have checked another.
  for (let name = 0; name < rawHeaders.length; name += 2) if (rawHeaders[name]?.toLowerCase() === 'host') count += 1;
  return count <= 1;
}

/**
 * Whether a Host is one that this server goes by. A page elsewhere can make its own name resolve to this server's
 * address (DNS rebinding) and then reads what listens there as its own origin; its Host header gives it away. Addresses
 * pass where the server does not listen on loopback: load balancers use them for health checks. A server that does not
 * listen on loopback goes by names that it cannot know, so there every Host passes unless `allowedHosts` says which.
 */
export function isOwnHost(listeningOn: string, allowedHosts: readonly string[], host: string | undefined): boolean {
  const url = `http://${host ?? 'localhost'}`;
  // No Host at all (HTTP/1.0) is not the same as an empty one.
  if (host === '' || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  if (allowedHosts.some((allowed) => [host, hostname].includes(allowed.toLowerCase()))) return true;
  if (isLoopback(listeningOn)) return host !== undefined && isLoopback(hostname);
  return allowedHosts.length === 0 || isLoopback(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Whether a browser sends this on behalf of a page of another origin. Browsers say so in Sec-Fetch-Site, older ones by
 * an Origin that differs from the Host; scripts in a page can set neither. Other clients send neither header, and pass;
 * so do pages of origins that are allowed.
 */
export function isCrossOrigin(headers: HeaderReader, allowedOrigins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin && allowedOrigins.includes(origin)) return false;
  const site = headers.get('sec-fetch-site');
  if (site) return site !== 'same-origin' && site !== 'none';
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get('host');
}
