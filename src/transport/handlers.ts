import { setMaxListeners } from 'node:events';
import { hasConsole } from '../config/console.ts';
import type { Config } from '../config/index.ts';
import { ByteBudget } from '../pipeline/byte-budget.ts';
import type { FairScheduler } from '../pipeline/fair-scheduler.ts';
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
import type { YogaHandler } from './http/yoga.ts';
import type { ReadinessReport } from './readiness.ts';
import { RequestChecks } from './request-checks.ts';
import { WebSockets } from './websocket/server.ts';

export interface HandlersOptions
  extends Omit<PipelineDependencies, 'authenticate' | 'securityLog' | 'buffers' | 'ownDocuments'> {
  readonly config: PipelineDependencies['config'] &
    Pick<
      Config,
      | 'host'
      | 'graphiql'
      | 'console'
      | 'hints'
      | 'shutdown'
      | 'allowedHosts'
      | 'allowedOrigins'
      | 'trustedProxies'
      | 'watch'
    >;
  readonly authenticate: Authenticate;
  /** Checks whether the gateway's dependencies can be reached; absent if that is not checked. */
  readonly readiness?: (() => Promise<ReadinessReport>) | undefined;
}

export interface ServerState {
  /** See `ByteBudget.total`. */
  readonly bufferedBytes: number;
  readonly connections: Readonly<Record<ConnectionState, number>>;
}

/** Handles requests, whichever server receives them: the gateway's own or that of an application. */
export interface Handlers {
  readonly requests: RequestHandler;
  readonly webSockets: WebSockets;
  readonly connections: Connections;
  readonly securityLog: SecurityLog;
  readonly scheduler: FairScheduler;
  readonly state: ServerState;
  /** Aborted by `shutDown`. */
  readonly leaving: AbortSignal;
  /** Loads what the first request would wait for. */
  warmUp(): void;
  /** `/ready` is 503 from now on. */
  drain(): void;
  /** Ends subscriptions, and rejects new operations. */
  shutDown(): void;
  /** Called when no request is in flight. */
  dispose(): Promise<void>;
}

export async function createHandlers(options: HandlersOptions): Promise<Handlers> {
  const { config, log, observer } = options;
  const { limits } = config;

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
  let warmUp: NodeJS.Immediate | undefined;

  return {
    requests: new RequestHandler({ ...shared, bodies, unread, routes, loadYoga }),
    webSockets: new WebSockets({ ...shared, leaving }),
    ...{ connections, securityLog, scheduler: graphql.scheduler, leaving },
    get state() {
      return { bufferedBytes: buffers.total, connections: connections.counts };
    },
    warmUp() {
      // The request that needs it reports a failure.
      warmUp = setImmediate(() => loadYoga().catch(() => undefined));
    },
    drain() {
      draining = true;
      clearImmediate(warmUp);
    },
    shutDown: () => shutdownController.abort(),
    async dispose() {
      await yoga?.then(
        (handler) => handler.dispose(),
        () => {},
      );
      for (const resource of [unread, bodies, securityLog]) resource[Symbol.dispose]();
    },
  };
}
