import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Config } from './config/index.ts';
import { createInventory } from './inventory/index.ts';
import { startNotifications } from './notifications/index.ts';
import { createLog } from './pipeline/log.ts';
import { createAuthenticate, createPrincipals, JwksStatus, warnOfMissingCredentials } from './principal/index.ts';
import { toGraphQLError } from './schema/errors.ts';
import { schema } from './schema/index.ts';
import type { EmbeddedOptions, FetchInfo } from './transport/embedded/options.ts';
import { type RunningServer, type ServerOptions, startServer } from './transport/index.ts';
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

export interface HandlerOptions extends GatewayOptions, EmbeddedOptions {}

/** The gateway in an application's own server. It is the server's request handler. */
export interface Handler extends AsyncDisposable {
  /**
   * Handles a request of `node:http`. `next` of Express and the like receives requests for other handlers; without it,
   * they get 404.
   */
  (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  /**
   * A listener of the server's event `upgrade`, for WebSockets. Returns false, and does nothing, for a URL that is not
   * the graph's: if no other listener handles it, close its socket.
   */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /**
   * Handles a request of the Fetch standard. Rejects with a `TypeError` if its body has been read, or `remoteAddress`
   * is not an IP address.
   */
  readonly fetch: (request: Request, info?: FetchInfo) => Promise<Response>;
  /** URL of the Prometheus metrics; undefined without `metrics` in the configuration. */
  readonly metricsUrl: string | undefined;
  /**
   * Ends subscriptions, lets running operations finish for `shutdown.graceMs`, and ends everything that was started.
   * Requests are answered with 503 from then on. May be called more than once.
   */
  dispose(): Promise<void>;
}

/**
 * Puts the gateway together and starts it. Rejects with a `ListenError` when its address is not available, and with a
 * `StoreError`.
 */
export async function createGateway(config: Config, options: GatewayOptions = {}): Promise<Gateway> {
  const { server, metrics, watcher, close } = await start<RunningServer>(config, options, startServer);
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

/**
 * Puts the gateway together for an application's own server: `host` and `port` of the configuration are not opened.
 * Rejects with a `TypeError` if an option is invalid, with a `ListenError` when the address of the metrics is not
 * available, and with a `StoreError`.
 */
export async function createHandler(config: Config, options: HandlerOptions = {}): Promise<Handler> {
  // Gateways with a server of their own do not need it.
  const { EmbeddedServer } = await import('./transport/embedded/index.ts');
  const { server, metrics, close } = await start(config, options, (each) => EmbeddedServer.start(each, options));
  const { handle, upgrade, fetch } = server;
  return Object.assign(handle, {
    ...{ upgrade, fetch, metricsUrl: metrics?.url, dispose: close },
    [Symbol.asyncDispose]: close,
  });
}

interface Server extends Pick<RunningServer, 'state' | 'close'> {
  readonly url?: string;
}

async function start<T extends Server>(
  config: Config,
  { log = createLog(config.log) }: GatewayOptions,
  startTransport: (options: ServerOptions) => Promise<T>,
) {
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
  const startParts = async () => {
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
    const server = await startTransport({
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
  const server = await startParts().catch(async (error: unknown) => {
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
  return { server, metrics, watcher, close };
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
