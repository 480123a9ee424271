import { ConfigError } from '../config/config-error.ts';
import type { TracingSettings } from '../config/tracing.ts';
import { version } from '../config/version.ts';

/**
 * Sends traces over OTLP. Loads OpenTelemetry's packages, which are optional dependencies.
 * @throws ConfigError if they are not installed.
 */
export async function startTracing({ protocol, timeoutMs }: TracingSettings): Promise<{ close(): Promise<void> }> {
  const { api, sdk, resources, core, hooks, exporter } = await load(protocol);
  const timeout = timeoutMs === undefined ? {} : { timeoutMillis: timeoutMs };
  const provider = new sdk.BasicTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': 'orgql', 'service.version': version }))
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter(timeout))],
  });
  api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  api.trace.setGlobalTracerProvider(provider);
  // Spans that cannot be sent in time are dropped.
  return { close: () => provider.shutdown().catch(() => {}) };
}

async function load(protocol: TracingSettings['protocol']) {
  try {
    const [api, sdk, resources, core, hooks, exporter] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
      import('@opentelemetry/context-async-hooks'),
      protocol === 'http/json'
        ? import('@opentelemetry/exporter-trace-otlp-http')
        : import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);
    return { api, sdk, resources, core, hooks, exporter };
  } catch (error) {
    throw new ConfigError(
      `OTEL_* variables enable tracing, but OpenTelemetry's packages cannot be loaded (${error instanceof Error ? error.message.split('\n')[0] : error}); install orgql with its optional dependencies, or set OTEL_TRACES_EXPORTER=none`,
      error,
    );
  }
}
