import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { isStream } from '../../pipeline/operation.ts';
import type { ServerContext } from '../yoga/plugin.ts';
import { disconnectSignal } from './http-carrier.ts';
import { isGone } from './is-gone.ts';

/**
 * Gives a request whose body is read to Yoga, and sends what Yoga answers. Where the operation has run already (`context.answered`), Yoga only finds out how its answer is to be sent.
 * A stream ends when the client goes away. Never rejects: what fails is logged, and ends the stream and the connection.
 */
export function sendThroughYoga(yoga: YogaServerInstance<ServerContext, ServerContext>, log: Logger) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    context: ServerContext,
  ): Promise<void> => {
    const end = () => {
      const answer = context.answered?.answer;
      if (answer !== undefined && isStream(answer)) answer.return?.().catch(() => {});
      response.destroy();
    };
    try {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers))
        if (value !== undefined && !CONNECTION_HEADERS.has(name)) headers[name] = value.toString();
      const again = new yoga.fetchAPI.Request(`http://localhost${request.url}`, {
        method: request.method ?? 'POST',
        headers,
        body: request.method === 'GET' ? null : body,
        signal: disconnectSignal(response),
      });
      const { status, headers: sent, body: stream } = await yoga.fetch(again, context);
      // Node 24 does not end what is piped into an answer whose client has left before.
      if (isGone(response)) return end();
      // Whether the connection goes on is not for Yoga to say.
      sent.delete('connection');
      response.writeHead(status, Object.fromEntries(sent));
      response.flushHeaders();
      if (stream === null) return void response.end();
      // There are many listeners, but always the same.
      response.setMaxListeners(0);
      // Whichever of the two ends first, ends the other.
      await pipeline(Readable.from(stream), response).catch(() => {});
    } catch (err) {
      // A client that disconnects is no fault, and must not fill the log.
      if (!isGone(response)) log.error({ err }, 'a stream could not be sent');
      end();
    }
  };
}

/** They were of the body as it came. */
const CONNECTION_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'expect']);
