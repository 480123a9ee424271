import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Departure } from './departure.ts';
import { ENDPOINT } from './endpoint.ts';
import { createGraphQL } from './graphql.ts';
import { leanPost } from './http/lean-post.ts';
import { sendThroughYoga } from './http/send-through-yoga.ts';
import { baseUrl, listen } from './listen.ts';
import type { ServerParts } from './parts.ts';
import { refuseRequest } from './refuse-request.ts';
import { countRequests } from './requests-under-way.ts';
import { attachWebSockets } from './websocket/attach.ts';

export { ListenError } from './listen.ts';
export { createLog } from './log.ts';
export type { Metrics } from './metrics/index.ts';
export type { ServerParts } from './parts.ts';
export { createReadiness } from './readiness.ts';

export interface RunningServer {
  /** URL of the graph. */
  readonly url: string;
  readonly port: number;
  /**
   * Ends in the order that loses nothing: `/ready` is 503 at once; for `shutdown.drainMs` everything else goes on, until balancers have noticed;
   * then subscriptions are ended (WebSockets with close code 1001, streams with the error GOING_AWAY), new operations refused (503), and
   * running ones let finish for `shutdown.graceMs` at most; then what is left is closed.
   */
  close(): Promise<void>;
}

/** Starts the HTTP and WebSocket server. Rejects with a `ListenError` when the address cannot be had. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const departure = new Departure();
  const graphql = createGraphQL(parts, departure);
  const { host, shutdown } = parts.config;
  const lean = leanPost({
    endpoint: ENDPOINT,
    pipeline: graphql.pipeline,
    maximum: parts.config.limits.bodyBytes,
    maskError: graphql.maskError,
    observer: parts.observer,
    sendStream: sendThroughYoga(graphql.yoga, parts.log),
  });
  const http = createServer((request, response) => {
    if (refuseRequest(parts.config, request, response) || lean(request, response)) return;
    void graphql.yoga(request, response);
  });
  const underWay = countRequests(http, departure.leaving);
  const webSockets = attachWebSockets(http, graphql, parts, departure.leaving);
  const port = await listen(http, host, parts.config.port);

  return {
    url: `${baseUrl(host, port)}${ENDPOINT}`,
    port,
    async close() {
      departure.announce();
      await sleep(shutdown.drainMs);
      departure.leave();
      const late = setTimeout(() => {
        webSockets.closeNow();
        http.closeAllConnections();
      }, shutdown.graceMs);
      await Promise.all([underWay.none(), webSockets.goAway()]);
      clearTimeout(late);
      const stopped = new Promise((resolve) => http.close(resolve));
      // Nothing is being answered; what is left are connections kept alive, or opened for what never came.
      http.closeAllConnections();
      await stopped;
      await graphql.yoga.dispose();
    },
  };
}

/** Starts the metrics' own server; its code is loaded only for who wants them. Rejects with a `ListenError`. */
export const startMetrics: typeof import('./metrics/index.ts').startMetrics = async (...args) =>
  (await import('./metrics/index.ts')).startMetrics(...args);
