import { once } from 'node:events';
import { post, send } from './http.ts';
import { RawConnection } from './websocket.ts';

/** What a client may send as an operation; what it must not send, too. */
export interface Params {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly documentId?: unknown;
}

/** What came back first: a result's data, the code of the error that refused it, or how the connection was ended instead. */
export interface Reply {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its shape.
  readonly data?: any;
  readonly code?: string | number;
  readonly message?: string;
}

export type Transport = (url: string, params: Params, headers?: Readonly<Record<string, string>>) => Promise<Reply>;

function replyOf(body: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }): Reply {
  const [error] = body.errors ?? [];
  return error ? { code: error.extensions.code, message: error.message } : { data: body.data };
}

/**
 * All ways in which an operation comes to the gateway. `test/pipeline/limits.test.ts` runs every check on each of them; `test/transport/transports.test.ts` sees to it
 * that no operation passes the pipeline unseen.
 */
export const transports = {
  async HTTP(url, params, headers) {
    return replyOf((await post(url, params, headers)).body);
  },
  /** What the lean way leaves to Yoga: here for its media type, which few clients send. */
  async 'HTTP (Yoga)'(url, params, headers) {
    return replyOf((await post(url, params, { 'content-type': 'application/graphql+json', ...headers })).body);
  },
  async 'HTTP GET'(url, params, headers) {
    const search = new URLSearchParams(
      Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    const { text } = await send(`${url}?${search}`, { headers: { accept: 'application/json', ...headers } });
    return replyOf(JSON.parse(text));
  },
  async SSE(url, params, headers) {
    const { text } = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(params),
    });
    return replyOf(JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text));
  },
  async WebSocket(url, params, headers) {
    using connection = new RawConnection(url, { headers: { ...headers } });
    const closed = connection.closed.then(({ code, reason }): Reply => ({ code, message: reason }));
    const answered = once(connection.socket, 'open').then(async (): Promise<Reply> => {
      connection.send({ type: 'connection_init' });
      await connection.next();
      connection.send({ id: '1', type: 'subscribe', payload: { query: '', ...params } });
      const { type, payload } = await connection.next();
      return replyOf(type === 'error' ? { errors: payload } : payload);
    });
    // Awaited here: the connection is disposed of on return.
    return await Promise.race([closed, answered]);
  },
} satisfies Record<string, Transport>;

export type TransportName = keyof typeof transports;
export const transportNames = Object.keys(transports) as TransportName[];
