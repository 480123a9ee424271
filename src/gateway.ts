import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createAuthenticate, createPrincipals } from './principal/index.ts';
import { toGraphQLError } from './schema/errors.ts';
import { schema } from './schema/index.ts';
import { createLog, createReadiness, type Metrics, startMetrics, startServer } from './server/index.ts';
import { createUpstream, loadCallSpans } from './upstream/index.ts';
import { createWatcher, openStore } from './watcher/index.ts';

export interface Gateway extends AsyncDisposable {
  /** URL of the graph, for HTTP, SSE, WebSocket and GraphiQL. */
  readonly url: string;
  readonly port: number;
  /** Lists that are polled at the moment, for tests and metrics. */
  readonly activePollers: number;
  /** URL of the Prometheus metrics; undefined when the configuration asks for none. */
  readonly metricsUrl: string | undefined;
  /** Ends everything that was started. May be called more than once. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** Where log lines go. Default: standard error, as JSON. */
  readonly log?: Logger;
}

/** Puts the gateway together and starts it. Rejects with a `ListenError` when its address cannot be had, and with a `StoreError`. */
export async function createGateway(
  config: Config,
  { log = createLog(config.log) }: GatewayOptions = {},
): Promise<Gateway> {
  const authenticate = await createAuthenticate(config.auth);
  const principals = createPrincipals(config);
  const { store, keepEvents } = config.watch;
  const shared = config.redis && (await (await import('./redis/index.ts')).share(config.redis, config, log));
  const onError = (err: unknown, list: string | undefined) => {
    const then = list ? 'from now on this list is kept in memory only' : 'what nobody watches any more stays there';
    log.error({ err, list }, `watch.store cannot be written; ${then}`);
  };
  const stored = store === undefined ? undefined : await openStore(store, { keepEvents, onError });
  const upstream = createUpstream(config.upstream, {
    sharedRate: shared?.rate,
    fellows: shared?.fellows,
    startCallSpan: await loadCallSpans(),
  });
  const watcher = createWatcher(upstream, config.watch, {
    journals: shared?.journals ?? stored,
    cursorSecret: config.graph.cursorSecret,
    log,
  });

  let metrics: Metrics | undefined;
  const closeParts = async () => {
    await watcher.close();
    await upstream.close();
    await metrics?.close();
  };
  const startParts = async () => {
    metrics = config.metrics && (await startMetrics(config.metrics, { upstream, watcher }));
    const observer = metrics?.observer;
    const readiness = createReadiness(principals, upstream, shared?.ping, watcher);
    const parts = {
      config,
      authenticate,
      log,
      observer,
      principals,
      readiness,
      schema,
      toGraphQLError,
      upstream,
      watcher,
    };
    return startServer(parts);
  };
  const server = await startParts().catch(async (error: unknown) => {
    await closeParts();
    throw error;
  });
  log.info({ url: server.url, metrics: metrics?.url, principals: principals.map(({ name }) => name) }, 'ready');

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= server.close().then(closeParts);
    return closing;
  };
  return {
    url: server.url,
    port: server.port,
    get activePollers() {
      return watcher.activePollers;
    },
    metricsUrl: metrics?.url,
    close,
    [Symbol.asyncDispose]: close,
  };
}
