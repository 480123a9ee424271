import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { MonotonicClock } from '../upstream/index.ts';
import type { HostLookups } from './host-lookups.ts';
import { isPublicAddress, literalAddress } from './safe-addresses.ts';

export interface PostOptions {
  readonly allowHttp: boolean;
  readonly allowPrivateAddresses: boolean;
  readonly timeoutMs: number;
}

export interface PostDependencies {
  readonly clock: MonotonicClock;
  readonly lookups: HostLookups;
  /** Default: `isPublicAddress`. */
  readonly isPublic?: (address: string) => boolean;
}

export interface PostMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PostReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** A delivery that was not made, or has no reply. The message names no URL, as its path may be a secret. */
export class PostError extends Error {
  override readonly name = 'PostError';
}

const MAX_REDIRECTS = 3;
/** Redirects that repeat the same request. 303 asks for a GET, which delivers nothing. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);
/** A longer reply ends its connection, in bytes. */
const MAX_REPLY_BYTES = 65_536;
const MAX_SOCKETS = 8;

/** Sends messages to one destination by POST, with limits, and only to addresses that are allowed. */
export class PostClient {
  readonly #options: PostOptions;
  readonly #dependencies: PostDependencies;
  readonly #isPublic: (address: string) => boolean;
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS });

  constructor(options: PostOptions, dependencies: PostDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#isPublic = dependencies.isPublic ?? isPublicAddress;
  }

  /** Rejects with a `PostError`. */
  async send(url: string, message: PostMessage, signal: AbortSignal): Promise<PostReply> {
    const { timeoutMs } = this.#options;
    const timeout = new AbortController();
    const cancel = this.#dependencies.clock.after(timeoutMs, () => timeout.abort());
    const either = AbortSignal.any([signal, timeout.signal]);
    try {
      return await this.#follow(new URL(url), message, either);
    } catch (error) {
      if (timeout.signal.aborted) throw new PostError(`no reply within ${timeoutMs} ms (webhook.timeoutMs)`);
      throw error instanceof PostError ? error : new PostError(reasonOf(error));
    } finally {
      cancel();
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #follow(start: URL, message: PostMessage, signal: AbortSignal): Promise<PostReply> {
    let url = start;
    for (let redirects = 0; ; redirects += 1) {
      const reply = await this.#request(url, message, signal);
      const { location } = reply.headers;
      if (!REDIRECTS.has(reply.status) || location === undefined) return reply;
      if (redirects === MAX_REDIRECTS) throw new PostError(`more than ${MAX_REDIRECTS} redirects`);
      if (!URL.canParse(location, url)) throw new PostError('a redirect to an invalid URL');
      url = new URL(location, url);
    }
  }

  #request(url: URL, { body, headers }: PostMessage, signal: AbortSignal): Promise<PostReply> {
    this.#check(url);
    const isHttps = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: this.#lookup,
        signal,
      };
      const request = isHttps
        ? httpsRequest(url, { ...options, agent: this.#https })
        : httpRequest(url, { ...options, agent: this.#http });
      // Errors after the reply are of its body, which has no meaning.
      request.on('error', reject);
      request.on('response', (response) => {
        discard(response);
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      });
      request.end(body);
    });
  }

  #check(url: URL): void {
    const { allowHttp, allowPrivateAddresses } = this.#options;
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowHttp))
      throw new PostError(`${url.protocol.slice(0, -1)} is not allowed (webhook.allowHttp)`);
    if (url.username !== '' || url.password !== '') throw new PostError('a URL with a user or a password');
    const address = literalAddress(url);
    if (address !== undefined && !allowPrivateAddresses && !this.#isPublic(address)) throw notPublic(address);
  }

  /** Node connects to the addresses that it returns, so that a name cannot change its address after a check. */
  readonly #lookup: LookupFunction = (host, { all, family }, callback) => {
    this.#dependencies.lookups.find(host, (error, found) => {
      if (error !== null) return callback(error, []);
      const ofFamily = found.filter((one) => (family !== 4 && family !== 6) || one.family === family);
      const allowed = this.#options.allowPrivateAddresses
        ? ofFamily
        : ofFamily.filter(({ address }) => this.#isPublic(address));
      const [first] = allowed;
      if (first === undefined) return callback(notPublic(found[0]?.address ?? 'none'), []);
      if (all === true) callback(null, [...allowed]);
      else callback(null, first.address, first.family);
    });
  };
}

const notPublic = (address: string) =>
  new PostError(`the address ${address} is not public (webhook.allowPrivateAddresses)`);

/** Reads a reply up to the limit, so that the connection can be used again. */
function discard(response: IncomingMessage): void {
  let length = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_REPLY_BYTES) response.destroy();
  });
  const timer = setTimeout(() => response.destroy(), MAX_BODY_MS);
  timer.unref();
  response.on('close', () => clearTimeout(timer));
}

/** A reply's body that takes longer ends its connection, in ms. */
const MAX_BODY_MS = 10_000;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
