import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticateClients, FailedAttempts } from '../pipeline/authenticate-client.ts';
import { ByteBudget } from '../pipeline/byte-budget.ts';
import { createGraphQL } from '../pipeline/graphql.ts';
import { SecurityLog } from '../pipeline/security-log.ts';
import { ClientAddresses } from './client-address.ts';
import { Connections } from './connections.ts';
import { ENDPOINT } from './endpoint.ts';
import { BufferedResponse } from './http/buffered-response.ts';
import { createFrontDoor } from './http/front-door.ts';
import { graphiql } from './http/graphiql.ts';
import { createJsonPostHandler } from './http/json-post-handler.ts';
import { reportMalformedRequests } from './http/malformed-requests.ts';
import { probes } from './http/probes.ts';
import { closeWaitingResponses } from './http/waiting-responses.ts';
import { YogaOnDemand } from './http/yoga-on-demand.ts';
import { baseUrl, listen } from './listen.ts';
import type { ServerOptions, ServerParts } from './parts.ts';
import { countRequests } from './requests-under-way.ts';
import { attachWebSockets } from './websocket/attach.ts';

export { createLog } from '../pipeline/log.ts';
export { ListenError } from './listen.ts';
export { logReadiness } from './log-readiness.ts';
export type { Metrics } from './metrics/index.ts';
export type { ServerOptions } from './parts.ts';
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

/** Node's default: a request has to be complete after this long, in ms. */
const REQUEST_TIMEOUT_MS = 300_000;

/** Requests with the header `Expect`: Node has events of their own for them. */
const EXPECTATIONS = [
  ['checkContinue', 'continue'],
  ['checkExpectation', 'unsupported'],
] as const;

/** Starts the HTTP and WebSocket server. Rejects with a `ListenError` when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, observer } = options;
  const securityLog = new SecurityLog(log, observer);
  const failedAttempts = new FailedAttempts(config.limits.failedAttempts);
  const addresses = new ClientAddresses(config.trustedProxies);
  const connections = new Connections({ limits: config.limits, addresses, securityLog });
  const parts: ServerParts = {
    ...options,
    authenticate: authenticateClients({
      authenticate: options.authenticate,
      failedAttempts,
      securityLog,
      verifiesSignatures: config.auth.type === 'jwt',
    }),
    failedAttempts,
    securityLog,
    addresses,
    connections,
    buffers: new ByteBudget(config.limits.bufferedBytes),
  };
  let draining = false;
  const shutdownController = new AbortController();
  const { signal: leaving } = shutdownController;
  // Every stream of events listens; they are limited elsewhere.
  setMaxListeners(0, leaving);
  const graphql = await createGraphQL(parts, leaving);
  const { maskError } = graphql;
  const { host, shutdown } = config;
  const report = async () => {
    if (draining) return { ready: false };
    try {
      return (await parts.readiness?.()) ?? { ready: true };
    } catch (err) {
      log.error({ err }, 'readiness cannot be found out');
      return { ready: false };
    }
  };
  const yoga = new YogaOnDemand({
    load: async () => (await import('./yoga/yoga.ts')).createYogaServer(parts, graphql, report),
    maskError,
    log,
    observer,
  });
  const jsonPost = createJsonPostHandler({
    pipeline: graphql.pipeline,
    maskError,
    observer,
    sendStream: (...sent) => yoga.sendStream(...sent),
  });
  const handlers = [probes(report), ...(config.graphiql ? [graphiql(maskError)] : [])];
  const frontDoor = createFrontDoor({ parts, graphql, jsonPost, yoga, handlers });
  const headersTimeout = config.limits.connectionInitTimeoutMs;
  const http = createServer(
    {
      ServerResponse: BufferedResponse,
      headersTimeout,
      requestTimeout: Math.max(REQUEST_TIMEOUT_MS, headersTimeout),
      // How late Node notices that a connection's time is over.
      connectionsCheckingInterval: Math.min(headersTimeout, 1_000),
    },
    frontDoor.handle,
  );
  for (const [event, expectation] of EXPECTATIONS) {
    http.on(event, (request, response) => {
      response.expectation = expectation;
      http.emit('request', request, response);
    });
  }
  connections.attach(http);
  http.on('connection', () => graphql.scheduler.accepted());
  closeWaitingResponses(http);
  reportMalformedRequests(http, parts);
  const underWay = countRequests(http, leaving);
  const webSockets = attachWebSockets(http, {
    load: async () => (await import('./websocket/connection-taker.ts')).createConnectionTaker(graphql, parts),
    config,
    maskError,
    log,
    observer,
    addresses,
    connections,
    securityLog,
    scheduler: graphql.scheduler,
    leaving,
  });
  observer?.serverStarted?.(() => ({ bufferedBytes: parts.buffers.total, connections: connections.counts }));
  const port = await listen(http, host, config.port);

  return {
    url: `${baseUrl(host, port)}${ENDPOINT}`,
    port,
    async close() {
      draining = true;
      await sleep(shutdown.drainMs);
      shutdownController.abort();
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
      await yoga.dispose();
      frontDoor[Symbol.dispose]();
      parts.securityLog[Symbol.dispose]();
    },
  };
}

/** Starts the metrics' own server; its code is loaded only for who wants them. Rejects with a `ListenError`. */
export const startMetrics: typeof import('./metrics/index.ts').startMetrics = async (...args) =>
  (await import('./metrics/index.ts')).startMetrics(...args);
