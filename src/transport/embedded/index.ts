import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isLoopback } from '../../config/addresses.ts';
import { quoted } from '../../schema/quoted.ts';
import { createHandlers, type Handlers, type HandlersOptions, type ServerState } from '../handlers.ts';
import type { IncomingRequest } from '../http/http-response.ts';
import { declaredLength } from '../http/request-body.ts';
import { sendText } from '../http/response.ts';
import type { ConnectionResponses } from '../http/server.ts';
import { ENDPOINT } from '../request-checks.ts';
import { FetchRequest } from './fetch-request.ts';
import { FetchResponse } from './fetch-response.ts';
import { NodeResponse } from './node-response.ts';
import type { EmbeddedOptions, FetchInfo } from './options.ts';
import { Paths } from './paths.ts';
import type { EmbeddedResponse } from './response.ts';

type Next = (error?: unknown) => void;

const DISPOSED = 'This gateway has been disposed; create another one with createHandler.';
const EXPOSED =
  'Without auth, only this machine may use the gateway. Set auth, or let your server listen on 127.0.0.1.';
const READ_BODY =
  'orgql cannot read the body of this request, as the application has read it already. Pass requests to orgql before ' +
  'body parsers such as express.json(), or without them: docs/embedding.md shows how.';

/** Handles requests that an application's own server has received. */
export class EmbeddedServer {
  readonly #handlers: Handlers;
  readonly #options: HandlersOptions;
  readonly #paths: Paths;
  readonly #responses: ConnectionResponses = new WeakMap();
  readonly #open = new Set<EmbeddedResponse>();
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #onIdle = () => {};

  private constructor(handlers: Handlers, options: HandlersOptions, paths: Paths) {
    this.#handlers = handlers;
    this.#options = options;
    this.#paths = paths;
  }

  /** Rejects with a `TypeError` if the base path is not one. */
  static async start({ config, ...options }: HandlersOptions, { basePath }: EmbeddedOptions): Promise<EmbeddedServer> {
    const { console: page } = config;
    // An application has pages of its own, so it has the console only if it is named.
    const own = { ...options, config: { ...config, console: { ...page, enabled: page.enabled ?? false } } };
    const paths = new Paths(own.config, basePath);
    const handlers = await createHandlers(own);
    handlers.warmUp();
    return new EmbeddedServer(handlers, own, paths);
  }

  get state(): ServerState {
    return this.#handlers.state;
  }

  /** Handles a request of a Node server. `next` receives those for other handlers, and errors of the application. */
  readonly handle = (incoming: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next?: Next) => {
    const url = this.#paths.relativeUrl(incoming.url ?? '', incoming.originalUrl);
    if (url === undefined) {
      if (next === undefined) this.#sendText(this.#responseOf(incoming, response), 404, notFound(incoming));
      else next();
    } else if (this.#isExposed(incoming.socket)) {
      this.#sendText(this.#responseOf(incoming, response), 403, EXPOSED);
    } else if (incoming.httpVersionMajor > 1) {
      response.writeHead(505).end('orgql handles requests of HTTP/1.1, or of the Fetch standard.\n');
    } else if (incoming.readableDidRead && declaredLength(incoming) !== 0) {
      this.#options.log.error({ url: incoming.url }, READ_BODY);
      if (next === undefined) this.#sendText(this.#responseOf(incoming, response), 500, READ_BODY);
      else next(new TypeError(READ_BODY));
    } else this.#handle(incoming, this.#responseOf(incoming, response), url);
  };

  /** Opens a WebSocket. Returns false for a URL that is not the graph's: then another listener has to handle it. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (!this.#paths.isEndpoint(request.url ?? '')) return false;
    // The client may have left while another listener was busy: its socket would not be released again.
    if (request.socket.destroyed) return true;
    if (this.#isExposed(request.socket)) {
      socket.destroy();
      return true;
    }
    const { connections, webSockets } = this.#handlers;
    connections.add(request.socket);
    if (!request.socket.destroyed) webSockets.upgrade(request, socket, head, ENDPOINT);
    return true;
  };

  /** Rejects with a `TypeError` if the application has read the body, or the address is not one. */
  readonly fetch = async (request: Request, { remoteAddress }: FetchInfo = {}): Promise<Response> => {
    if (remoteAddress !== undefined && isIP(remoteAddress) === 0)
      throw new TypeError(`remoteAddress: expected the IP address of the connection, got ${quoted(remoteAddress)}`);
    if (request.bodyUsed) throw new TypeError(READ_BODY);
    const incoming = new FetchRequest(request, remoteAddress);
    const response = new FetchResponse(incoming, request.signal);
    const url = this.#paths.relativeUrl(incoming.url);
    if (url === undefined) this.#sendText(response, 404, notFound(incoming));
    else this.#handle(incoming, response, url);
    return response.sent;
  };

  /** Ends as `RunningServer.close` does, but at once: the application has stopped to pass requests on. */
  readonly close = (): Promise<void> => {
    this.#closing ??= this.#close();
    return this.#closing;
  };

  async #close(): Promise<void> {
    const { webSockets, ...handlers } = this.#handlers;
    handlers.drain();
    handlers.shutDown();
    const late = setTimeout(() => {
      webSockets.closeNow();
      for (const response of this.#open) response.closeConnection();
    }, this.#options.config.shutdown.graceMs);
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    if (this.#open.size === 0) this.#onIdle();
    await Promise.all([idle, webSockets.goAway()]);
    clearTimeout(late);
    this.#isClosed = true;
    // Requests that arrived while WebSockets were closing.
    for (const response of this.#open) response.closeConnection();
    await handlers.dispose();
  }

  /** The address that the application listens on is not known before a connection arrives. */
  #isExposed({ localAddress }: Pick<Socket, 'localAddress'>): boolean {
    if (this.#options.config.auth.type !== 'none' || localAddress === undefined) return false;
    return !isLoopback(localAddress.replace(/^::ffff:/i, ''));
  }

  #responseOf(incoming: IncomingMessage, response: ServerResponse): NodeResponse {
    return new NodeResponse(incoming, response, this.#responses);
  }

  #handle(incoming: IncomingRequest, response: EmbeddedResponse, url: string): void {
    if (this.#isClosed) {
      this.#sendText(response, 503, DISPOSED);
      return;
    }
    this.#open.add(response);
    response.once('close', () => {
      this.#open.delete(response);
      if (this.#open.size === 0) this.#onIdle();
    });
    this.#handlers.requests.handle(incoming, response, url);
  }

  #sendText(response: EmbeddedResponse, status: number, text: string): void {
    if (!response.destroyed) sendText(response, status, text);
  }
}

const notFound = ({ url }: { readonly url?: string | undefined }) =>
  `orgql serves nothing at ${quoted(url?.split('?', 1)[0])}. Its graph is at basePath + /graphql.`;
