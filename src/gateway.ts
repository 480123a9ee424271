import type { Logger } from 'pino';
import type { Config } from './config/index.ts';
import { createInventory } from './inventory/index.ts';
import { startNotifications } from './notifications/index.ts';
import { createLog } from './pipeline/log.ts';
import { createAuthenticate, createPrincipals, JwksStatus, warnOfMissingCredentials } from './principal/index.ts';
import { toGraphQLError } from './schema/errors.ts';
import { schema } from './schema/index.ts';
import { startServer } from './transport/index.ts';
import type { Metrics } from './transport/metrics/index.ts';
import { createReadiness, logReadiness } from './transport/readiness.ts';
import { createUpstream, loadCallSpans } from './upstream/index.ts';
import { createWatcher, type JournalStore, openStore, StoreError, StoreStatus } from './watcher/index.ts';

export interface Gateway extends AsyncDisposable {
  /** URL of the graph, for HTTP, SSE, WebSocket and GraphiQL. */
  readonly url: string;
  readonly port: number;
  /** Lists that are polled at the moment, for tests and metrics. */
  readonly activePollers: number;
  /** URL of the Prometheus metrics; undefined without `metrics` in the configuration. */
  readonly metricsUrl: string | undefined;
  /** Ends everything that was started. May be called more than once. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** Where log lines go. Default: standard error, as JSON. */
  readonly log?: Logger;
}

/**
 * Puts the gateway together and starts it. Rejects with a `ListenError` when its address is not available, and with a
 * `StoreError`.
 */
export async function createGateway(
  config: Config,
  { log = createLog(config.log) }: GatewayOptions = {},
): Promise<Gateway> {
  const jwks =
    config.auth.type === 'jwt' ? new JwksStatus(log, config.auth.jwksCacheMs + config.auth.jwksMaxStaleMs) : undefined;
  const authenticate = await createAuthenticate(config.auth, jwks);
  const principals = createPrincipals(config);
  const shared =
    config.redis && (await (await import('./redis/index.ts')).createSharedState(config.redis, config, log));
  const store = config.watch.store === undefined ? undefined : new StoreStatus(log);
  const stored = store && (await openStoreUnlessFull(config, store));
  const upstream = createUpstream(config.upstream, {
    sharedRate: shared?.rate,
    replicas: shared?.replicas,
    startCallSpan: await loadCallSpans(),
  });
  const watcher = createWatcher(upstream, config.watch, {
    journals: shared?.journals ?? stored,
    cursorSecret: config.graph.cursorSecret,
    historyRetentionMs: config.history.retentionMs,
    log,
  });

  const readiness = logReadiness(createReadiness(principals, upstream, shared?.ping, watcher, { store, jwks }), log);
  let metrics: Metrics | undefined;
  const inventory = createInventory(watcher, config.inventory, principals);
  const notifications = startNotifications(config.notifications, {
    watcher,
    upstream,
    principals,
    journals: shared?.journals ?? stored,
    log,
  });
  const closeParts = async () => {
    await notifications.close();
    inventory.close();
    await watcher.close();
    await upstream.close();
    await metrics?.close();
  };
  const start = async () => {
    // The first operations are answered from the stored copies, too.
    await stored?.loaded?.();
    if (config.metrics !== undefined) {
      const { startMetrics } = await import('./transport/metrics/index.ts');
      const copies = { principals, copyOf: inventory.of };
      metrics = await startMetrics(config.metrics, {
        ...{ upstream, watcher, readiness, copies, store, jwks, notifications, log },
      });
    }
    const graph = config.federation ? (await import('./federation/index.ts')).createSubgraph(schema, config) : schema;
    const server = await startServer({
      config,
      authenticate,
      copyOf: inventory.of,
      log,
      notifications,
      observer: metrics?.observer,
      persistedQueries: shared?.persistedQueries,
      principals,
      readiness,
      schema: graph,
      toGraphQLError,
      upstream,
      watcher,
    });
    metrics?.observeServer(server);
    return server;
  };
  const server = await start().catch(async (error: unknown) => {
    await closeParts();
    throw error;
  });
  await warnOfMissingCredentials(config.principals, principals, log);
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

/** A full disk is no reason not to start: events are kept in memory then. Rejects with a `StoreError` for any other. */
async function openStoreUnlessFull(
  { watch: { store = '', keepEvents }, history }: Config,
  status: StoreStatus,
): Promise<JournalStore | undefined> {
  try {
    const onError = (error: unknown, list: string | undefined) => status.notWritten(error, list);
    return await openStore(store, { keepEvents, historyRetentionMs: history.retentionMs, onError });
  } catch (error) {
    if (!(error instanceof StoreError && error.isFull)) throw error;
    status.notOpened(error);
    return undefined;
  }
}
