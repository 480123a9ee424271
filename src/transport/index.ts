import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasConsole } from '../config/console.ts';
import type { Config } from '../config/index.ts';
import { ByteBudget } from '../pipeline/byte-budget.ts';
import { createGraphQL, type PipelineDependencies } from '../pipeline/graphql.ts';
import { SecurityLog } from '../pipeline/security-log.ts';
import { authenticateClients, FailedAttempts } from '../pipeline/steps/caller.ts';
import type { Authenticate } from '../principal/index.ts';
import { type ConnectionState, Connections } from './connections.ts';
import { loadConsoleDocuments, pageSettings } from './console/assets.ts';
import { consolePages } from './console/route.ts';
import { graphiql } from './graphiql/route.ts';
import { UnreadResponses } from './http/buffered-response.ts';
import { hints } from './http/hints.ts';
import { probes } from './http/probes.ts';
import { RequestBodies } from './http/request-body.ts';
import { RequestHandler, type Route } from './http/request-handler.ts';
import { createHttpServer } from './http/server.ts';
import type { YogaHandler } from './http/yoga.ts';
import { baseUrl, listen } from './listen.ts';
import type { ReadinessReport } from './readiness.ts';
import { ENDPOINT, RequestChecks } from './request-checks.ts';
import { WebSockets } from './websocket/server.ts';

interface ServerOptions
  extends Omit<PipelineDependencies, 'authenticate' | 'securityLog' | 'buffers' | 'ownDocuments'> {
  readonly config: PipelineDependencies['config'] &
    Pick<
      Config,
      | 'host'
      | 'port'
      | 'graphiql'
      | 'console'
      | 'hints'
      | 'shutdown'
      | 'allowedHosts'
      | 'allowedOrigins'
      | 'trustedProxies'
    >;
  readonly authenticate: Authenticate;
  /** Checks whether the gateway's dependencies can be reached; absent if that is not checked. */
  readonly readiness?: (() => Promise<ReadinessReport>) | undefined;
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

export interface ServerState {
  /** See `ByteBudget.total`. */
  readonly bufferedBytes: number;
  readonly connections: Readonly<Record<ConnectionState, number>>;
}

/** Starts the HTTP and WebSocket server. Rejects with a `ListenError` when the address is not available. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, observer } = options;
  const { host, limits, shutdown } = config;

  // Limits of clients apply to both transports together.
  const securityLog = new SecurityLog(log, observer);
  const connections = new Connections({ ...config, securityLog });
  const buffers = new ByteBudget(limits.bufferedBytes);
  const failedAttempts = new FailedAttempts(limits.failedAttempts);
  const checks = new RequestChecks(config);
  const verifiesSignatures = config.auth.type === 'jwt';
  const authenticate = authenticateClients({ ...options, failedAttempts, securityLog, verifiesSignatures });

  let draining = false;
  const shutdownController = new AbortController();
  const { signal: leaving } = shutdownController;
  // Every event stream adds a listener. Other limits bound their number.
  setMaxListeners(0, leaving);

  const servesConsole = hasConsole(config);
  // Without trusted documents, every document may run.
  const ownDocuments = servesConsole && config.trustedDocuments ? await loadConsoleDocuments() : undefined;
  const graphql = await createGraphQL({ ...options, authenticate, securityLog, buffers, ownDocuments }, leaving);
  const shared = { limits, graphql, authenticate, checks, connections, buffers, securityLog, log, observer };

  const report = async () => {
    if (draining) return { ready: false };
    try {
      return (await options.readiness?.()) ?? { ready: true };
    } catch (err) {
      log.error({ err }, 'readiness check failed');
      return { ready: false };
    }
  };
  // Loading Yoga takes a fifth of a start, so it begins when the server listens. Under load, a first request would wait
  // for seconds.
  let yoga: Promise<YogaHandler> | undefined;
  const loadYoga = () => {
    const { allowedOrigins } = config;
    yoga ??= import('./http/yoga.ts').then((module) => module.createYogaHandler({ ...shared, allowedOrigins, report }));
    return yoga;
  };
  const bodies = new RequestBodies({ buffers, securityLog, limits });
  const unread = new UnreadResponses({ buffers, securityLog, sendTimeoutMs: limits.sendTimeoutMs });
  const routes: Route[] = [probes(report)];
  if (config.graphiql) routes.push(graphiql(graphql.maskError));
  if (servesConsole) routes.push(consolePages(pageSettings(config), graphql.maskError));
  const { eventbridge } = config.hints;
  if (eventbridge) routes.push(hints({ ...eventbridge, ...options, bodies, failedAttempts, securityLog }));
  const handler = new RequestHandler({ ...shared, bodies, unread, routes, loadYoga });

  const { http, allAnswered } = createHttpServer({
    headersTimeout: limits.connectionInitTimeoutMs,
    ...{ handler, connections, securityLog, leaving },
    scheduler: graphql.scheduler,
  });
  const webSockets = new WebSockets(http, { ...shared, leaving });
  const port = await listen(http, host, config.port);
  // The request that needs it reports a failure.
  const warmUp = setImmediate(() => loadYoga().catch(() => undefined));

  return {
    url: `${baseUrl(host, port)}${ENDPOINT}`,
    port,
    get state() {
      return { bufferedBytes: buffers.total, connections: connections.counts };
    },
    async close() {
      draining = true;
      clearImmediate(warmUp);
      await sleep(shutdown.drainMs);
      shutdownController.abort();
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
      await yoga?.then(
        (handler) => handler.dispose(),
        () => {},
      );
      for (const resource of [unread, bodies, securityLog]) resource[Symbol.dispose]();
    },
  };
}
