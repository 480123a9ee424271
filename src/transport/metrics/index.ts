import { createServer } from 'node:http';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from '../../config/index.ts';
import type { Notifications } from '../../notifications/index.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import type { MeteredUpstream } from '../../upstream/index.ts';
import type { Watcher } from '../../watcher/types.ts';
import type { RunningServer } from '../index.ts';
import { baseUrl, listen } from '../listen.ts';
import type { ReadinessReport } from '../readiness.ts';
import { isOwnHost } from '../request-checks.ts';
import {
  type ObservedParts,
  observeParts,
  observeProcess,
  observeServer,
  observeUpstream,
  observeWatcher,
} from './collectors.ts';
import { type ObservedCopies, observeCopies } from './inventory.ts';
import { observeNotifications } from './notifications.ts';
import { observeOperations } from './operations.ts';

export interface Metrics {
  /** URL that Prometheus scrapes. */
  readonly url: string;
  /** Counts GraphQL operations. */
  readonly observer: OperationObserver;
  /** Exposes metrics of buffers and connections. */
  observeServer(server: Pick<RunningServer, 'state'>): void;
  close(): Promise<void>;
}

interface MetricsSources extends ObservedParts {
  readonly upstream: MeteredUpstream;
  readonly watcher: Watcher;
  readonly readiness: () => Promise<ReadinessReport>;
  /** Absent without `inventory`. */
  readonly copies?: ObservedCopies | undefined;
  readonly notifications?: Pick<Notifications, 'statuses'> | undefined;
  readonly log: Logger;
}

interface MetricsResponse {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/**
 * Serves Prometheus metrics, and the details of readiness, on a port of their own, so that clients of the graph cannot
 * read them, and scrapers cannot use the graph. Rejects with a `ListenError` when the address is not available.
 */
export async function startMetrics(
  { host, port }: NonNullable<Config['metrics']>,
  { upstream, watcher, readiness, copies, notifications, log, ...parts }: MetricsSources,
): Promise<Metrics> {
  const registry = new Registry();
  const observer = observeOperations(registry);
  const responses = new Map<string | undefined, () => Promise<MetricsResponse>>([
    ['/metrics', async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() })],
    [
      '/ready',
      async () => {
        const report = await readiness();
        const body = `${JSON.stringify(report)}\n`;
        return { status: report.ready ? 200 : 503, type: 'application/json; charset=utf-8', body };
      },
    ],
  ]);
  const http = createServer(async (request, response) => {
    const send = ({ status, type = 'text/plain', body }: MetricsResponse) =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    const find = request.method === 'GET' ? responses.get(request.url?.split('?')[0]) : undefined;
    if (find === undefined || !isOwnHost(host, [], request.headers.host)) {
      send({ status: find ? 421 : 404, body: 'Only GET /metrics and GET /ready are here.\n' });
      return;
    }
    try {
      send(await find());
    } catch (err) {
      log.error({ err }, 'metrics collection failed');
      send({ status: 500, body: 'Internal error; the gateway has logged it.\n' });
    }
  });
  const listeningOn = await listen(http, host, port, { host: 'metrics.host', port: 'metrics.port' });
  observeParts(parts, registry);
  if (copies !== undefined) observeCopies(copies, registry);
  if (notifications !== undefined) observeNotifications(notifications, registry);
  const stops = [observeUpstream(upstream, registry), observeWatcher(watcher, registry), observeProcess(registry)];
  return {
    url: `${baseUrl(host, listeningOn)}/metrics`,
    observer,
    observeServer: (server) => observeServer(server, registry),
    close() {
      for (const stop of stops) stop();
      return new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}
