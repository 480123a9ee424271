import { createServer } from 'node:http';
import { createGraphQL, ENDPOINT } from './graphql.ts';
import { GRACE_MS } from './limits.ts';
import { baseUrl, listen } from './listen.ts';
import type { ServerParts } from './parts.ts';
import { isOwnHost } from './web-origin.ts';
import { attachWebSockets } from './websocket/attach.ts';

export { ListenError } from './listen.ts';
export { createLog } from './log.ts';
export type { ServerParts } from './parts.ts';

export interface RunningServer {
  /** URL of the graph. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more connections, ends subscriptions (WebSockets with close code 1001, streams with the error GOING_AWAY), lets running
   * operations finish for `GRACE_MS`, and closes what is left.
   */
  close(): Promise<void>;
}

/** Starts the HTTP and WebSocket server. Rejects with a `ListenError` when the address cannot be had. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const goingAway = new AbortController();
  const graphql = createGraphQL(parts, goingAway.signal);
  const { host } = parts.config;
  const http = createServer((request, response) => {
    if (isOwnHost(host, request.headers.host)) return void graphql.yoga(request, response);
    response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      `This server listens on ${host} and does not answer to the host "${request.headers.host}"; call it localhost or 127.0.0.1, or start it with another --host.\n`,
    );
  });
  // A connection that keeps alive must not outlast its last answer once the server is closing.
  http.on('request', (_request, response) => {
    response.once('close', () => goingAway.signal.aborted && setImmediate(() => http.closeIdleConnections()));
  });
  const webSockets = attachWebSockets(http, graphql, parts);
  const port = await listen(http, host, parts.config.port);

  return {
    url: `${baseUrl(host, port)}${ENDPOINT}`,
    port,
    async close() {
      const stopped = new Promise((resolve) => http.close(resolve));
      // WebSockets first: their close code says more than the error that ends the streams.
      const left = webSockets.goAway();
      goingAway.abort();
      const late = setTimeout(() => http.closeAllConnections(), GRACE_MS);
      await Promise.all([stopped, left]);
      clearTimeout(late);
      await graphql.yoga.dispose();
    },
  };
}
