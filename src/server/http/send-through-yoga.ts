import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { isStream } from '../operation.ts';
import type { Answered, ServerContext } from '../plugins/plugin.ts';
import { isGone } from './is-gone.ts';

/**
 * Sends an answer that comes in parts, of a request that the lean way has read: Yoga gets the request again, with the answer that there is already, and finds
 * out how it is to be sent. The stream ends when the client goes away. Never rejects: what fails is logged, and ends the stream and the connection.
 */
export function sendThroughYoga(yoga: YogaServerInstance<ServerContext, ServerContext>, log: Logger) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    answered: Answered,
  ): Promise<void> => {
    const end = () => {
      if (isStream(answered.answer)) answered.answer.return?.().catch(() => {});
      response.destroy();
    };
    try {
      const headers = new yoga.fetchAPI.Headers();
      for (const [name, value] of Object.entries(request.headers))
        if (value !== undefined && !CONNECTION_HEADERS.has(name)) headers.set(name, value.toString());
      const again = new yoga.fetchAPI.Request(`http://localhost${request.url}`, {
        method: request.method ?? 'POST',
        headers,
        body: request.method === 'GET' ? null : body,
      });
      const { status, headers: sent, body: stream } = await yoga.fetch(again, { answered });
      // Node 24 does not end what is piped into an answer whose client has left before.
      if (isGone(response)) return end();
      response.writeHead(status, Object.fromEntries(sent));
      response.flushHeaders();
      if (stream === null) return void response.end();
      // Whichever of the two ends first, ends the other.
      await pipeline(Readable.from(stream), response).catch(() => {});
    } catch (err) {
      log.error({ err }, 'a stream could not be sent');
      end();
    }
  };
}

/** They were of the body as it came. */
const CONNECTION_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'expect']);
