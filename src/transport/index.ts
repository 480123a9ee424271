import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/index.ts';
import { createHandlers, type HandlersOptions, type ServerState } from './handlers.ts';
import { createHttpServer } from './http/server.ts';
import { baseUrl, listen } from './listen.ts';
import { ENDPOINT } from './request-checks.ts';

export interface ServerOptions extends HandlersOptions {
  readonly config: HandlersOptions['config'] & Pick<Config, 'port'>;
}

export interface RunningServer {
  /** URL of the graph. */
  readonly url: string;
  readonly port: number;
  /** Numbers of open connections and operations. */
  readonly state: ServerState;
  /**
   * Ends in the order that loses nothing: `/ready` is 503 at once; for `shutdown.drainMs` everything else goes on,
   * until balancers have noticed; then subscriptions are ended (WebSockets with close code 1001, streams with the error
   * GOING_AWAY), new operations refused (503), and running ones let finish for `shutdown.graceMs` at most; then what is
   * left is closed.
   */
  close(): Promise<void>;
}

/** Starts the HTTP and WebSocket server. Rejects with a `ListenError` when the address is not available. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port: wanted, limits, shutdown } = options.config;
  const handlers = await createHandlers(options);
  const { requests: handler, webSockets, connections, securityLog, scheduler, leaving } = handlers;
  const { http, allAnswered } = createHttpServer({
    headersTimeout: limits.connectionInitTimeoutMs,
    ...{ handler, connections, securityLog, scheduler, leaving },
  });
  http.on('upgrade', (request, socket, head) => webSockets.upgrade(request, socket, head));
  const port = await listen(http, host, wanted);
  handlers.warmUp();

  return {
    url: `${baseUrl(host, port)}${ENDPOINT}`,
    port,
    get state() {
      return handlers.state;
    },
    async close() {
      handlers.drain();
      await sleep(shutdown.drainMs);
      handlers.shutDown();
      const late = setTimeout(() => {
        webSockets.closeNow();
        http.closeAllConnections();
      }, shutdown.graceMs);
      await Promise.all([allAnswered(), webSockets.goAway()]);
      clearTimeout(late);
      const stopped = new Promise((resolve) => http.close(resolve));
      // No request is in flight: what is left are idle connections.
      http.closeAllConnections();
      await stopped;
      await handlers.dispose();
    },
  };
}
