import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, RequestHandler, RequestHandlerOutput } from '@smithy/types';
import { checkReply } from './check-reply.ts';
import { isOperationName } from './operations.ts';
import { ReplyError } from './reply-error.ts';

/** A connection that is not there after this many ms will not come. */
const CONNECTION_TIMEOUT_MS = 5_000;
const AGENT = {
  keepAlive: true,
  /** The rate budget keeps calls far below this; it bounds a gateway without one. */
  maxSockets: 256,
  /**
   * A connection that has been idle for this long is closed by us, in ms: reusing one that AWS is closing at that moment breaks the call,
   * and a broken write cannot be repeated.
   */
  timeout: 10_000,
};

/** A page of AWS Organizations has 20 items, and a policy at most 10,240 characters; a reply above this is none of its own, in bytes. */
const MAX_REPLY_BYTES = 8_388_608;

/** The SDK's request handler, with each reply read within bounds and checked before the SDK sees it. A call's time is bounded by its signal. */
export class ReplyHandler implements RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #handler = new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    httpAgent: new HttpAgent(AGENT),
    httpsAgent: new HttpsAgent(AGENT),
  });
  #last: HttpRequest | undefined;

  /** Where the last request went, as host and port. */
  get host(): string | undefined {
    if (this.#last === undefined) return undefined;
    const { hostname, port } = this.#last;
    return port === undefined ? hostname : `${hostname}:${port}`;
  }

  /** Rejects as the SDK's handler does, or with a `ReplyError`. An error that comes after the head of the reply has that in its `$response`, where printing does not show it. */
  async handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<RequestHandlerOutput<HttpResponse>> {
    this.#last = request;
    const { response } = await this.#handler.handle(request, options);
    try {
      const body = await readBody(response.body);
      const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      // The SDK takes each of these for a success.
      const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
      if (isSuccess && isOperationName(operation)) checkReply(operation, body.toString());
      return { response: new HttpResponse({ ...response, body }) };
    } catch (error) {
      if (error instanceof Error) {
        const { statusCode: httpStatusCode, headers } = response;
        Object.defineProperty(error, '$response', { value: response, enumerable: false });
        Object.assign(error, { $metadata: { httpStatusCode, requestId: headers['x-amzn-requestid'] } });
      }
      throw error;
    }
  }

  destroy(): void {
    this.#handler.destroy();
  }
}

async function readBody(body: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > MAX_REPLY_BYTES) throw new ReplyError('', `has more than ${MAX_REPLY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
