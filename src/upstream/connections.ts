import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { HeaderBag, HttpHandlerOptions, HttpRequest, RequestHandler, RequestHandlerOutput } from '@smithy/types';
import type { StopSignal } from './stop.ts';

/** A connection that is not there after this many ms will not come. */
const connectionTimeoutMs = 5_000;
const agent = {
  keepAlive: true,
  /** The rate budget keeps calls far below this; it bounds a gateway without one. */
  maxSockets: 256,
  /**
   * A connection that has rested this long is closed by us, in ms: reusing one that AWS is closing at that moment breaks the call,
   * and a broken write cannot be repeated.
   */
  timeout: 10_000,
};

interface Options {
  readonly abortSignal?: HttpHandlerOptions['abortSignal'] | StopSignal | undefined;
}

/**
 * The connections to AWS, as a request handler of the SDK's: kept alive, and without what the SDK's own handler does for each request besides
 * (its timers, and a stream for each answer; AWS Organizations' are small, and are handed over whole). A call's time is bounded by its signal.
 *
 * Rejects as the SDK's handler does: with Node's error, or a `TimeoutError` without a code when there was no connection in time. An error that came
 * after the head of the answer has that in its `$response`, where printing does not show it.
 */
export class Connections implements RequestHandler<HttpRequest, HttpResponse, Options> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #plain = new HttpAgent(agent);
  readonly #secure = new HttpsAgent(agent);
  #last: HttpRequest | undefined;

  /** Where the last request went, as host and port. */
  get host(): string | undefined {
    if (this.#last === undefined) return undefined;
    const { hostname, port } = this.#last;
    return port === undefined ? hostname : `${hostname}:${port}`;
  }

  handle(request: HttpRequest, { abortSignal }: Options = {}): Promise<RequestHandlerOutput<HttpResponse>> {
    this.#last = request;
    const signal = abortSignal && 'addEventListener' in abortSignal ? abortSignal : undefined;
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return new Promise((resolve, reject) => {
      const sent = this.#open(request);
      const over = (): void => {
        stopWaiting?.();
        signal?.removeEventListener('abort', abort);
      };
      const fail = (error: Error): void => {
        over();
        reject(error);
      };
      const abort = (): void => {
        if (signal !== undefined) fail(aborted(signal));
        sent.destroy();
      };
      const stopWaiting = sent.reusedSocket ? undefined : waitForConnection(sent, fail);
      signal?.addEventListener('abort', abort, { once: true });
      let answered = false;
      sent.on('error', (error) => {
        // Once there is an answer, it says itself how it ended.
        if (!answered) fail(error);
      });
      sent.on('response', (answer) => {
        answered = true;
        collect(answer, fail, (response) => {
          over();
          resolve({ response });
        });
      });
      // As text, of which Node makes one piece with the head.
      sent.end(bytesOf(request.body).toString('latin1'), 'latin1');
    });
  }

  destroy(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #open({ protocol, hostname, port, method, path, query, headers }: HttpRequest): ClientRequest {
    const search = buildQueryString(query ?? {});
    const options = {
      // Node wants an IPv6 address without the brackets that a URL has.
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port,
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers,
      agent: protocol === 'https:' ? this.#secure : this.#plain,
    };
    return protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
  }
}

/** Gives the request up when it has no connection in time. Returns the way to stop waiting. */
function waitForConnection(sent: ClientRequest, fail: (error: Error) => void): () => void {
  const timer = setTimeout(() => {
    const message = `There was no connection within ${connectionTimeoutMs} ms.`;
    fail(Object.assign(new Error(message), { name: 'TimeoutError' }));
    sent.destroy();
  }, connectionTimeoutMs);
  const stop = (): void => clearTimeout(timer);
  sent.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
  return stop;
}

function collect(answer: IncomingMessage, fail: (error: Error) => void, done: (response: HttpResponse) => void): void {
  const chunks: Buffer[] = [];
  const response = new HttpResponse({
    statusCode: answer.statusCode ?? -1,
    reason: answer.statusMessage ?? '',
    headers: headersOf(answer),
  });
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    response.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    done(response);
  });
  answer.on('error', (error) =>
    fail(Object.defineProperty(error, '$response', { value: response, enumerable: false })),
  );
}

function headersOf({ headers }: IncomingMessage): HeaderBag {
  const bag: HeaderBag = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) bag[name] = typeof value === 'string' ? value : value.join(',');
  }
  return bag;
}

function bytesOf(body: Uint8Array | string | undefined): Buffer {
  if (body === undefined || typeof body === 'string') return Buffer.from(body ?? '');
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function aborted({ reason }: { readonly reason: unknown }): Error {
  return Object.assign(new Error('Request aborted', { cause: reason }), { name: 'AbortError' });
}
