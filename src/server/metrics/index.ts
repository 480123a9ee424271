import { createServer } from 'node:http';
import { Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import type { MeteredUpstream } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import { baseUrl, listen } from '../listen.ts';
import type { OperationObserver } from '../operation-observer.ts';
import { isOwnHost } from '../web-origin.ts';
import { observeOperations } from './operations.ts';
import { observeProcess } from './process.ts';
import { observeUpstream } from './upstream.ts';
import { observeWatcher } from './watcher.ts';

export interface Metrics {
  /** URL that Prometheus scrapes. */
  readonly url: string;
  /** To be told of every GraphQL operation. */
  readonly observer: OperationObserver;
  close(): Promise<void>;
}

/**
 * Serves Prometheus metrics on a port of their own, so that who may use the graph cannot read them and who scrapes cannot use the graph.
 * Rejects with a `ListenError` when the address cannot be had.
 */
export async function startMetrics(
  { host, port }: NonNullable<Config['metrics']>,
  { upstream, watcher }: { readonly upstream: MeteredUpstream; readonly watcher: Watcher },
): Promise<Metrics> {
  const registry = new Registry();
  const observer = observeOperations(registry);
  const http = createServer(async (request, response) => {
    const isMetrics = request.url?.split('?')[0] === '/metrics' && request.method === 'GET';
    if (!isMetrics || !isOwnHost({ host, allowedHosts: [] }, request.headers.host)) {
      response.writeHead(isMetrics ? 421 : 404, { 'content-type': 'text/plain' }).end('Only GET /metrics is here.\n');
      return;
    }
    const body = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(body);
  });
  const listeningOn = await listen(http, host, port, { host: 'metrics.host', port: 'metrics.port' });
  const stops = [observeUpstream(upstream, registry), observeWatcher(watcher, registry), observeProcess(registry)];
  return {
    url: `${baseUrl(host, listeningOn)}/metrics`,
    observer,
    close() {
      for (const stop of stops) stop();
      return new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}
