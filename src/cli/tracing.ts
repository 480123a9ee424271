import { ConfigError } from '../config/config-error.ts';
import type { Mistake } from '../config/mistake.ts';
import { version } from './version.ts';

/** The protocols of OTLP that there is an exporter for; https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/** Sending one batch may take this long with all retries, in ms, unless OTEL_EXPORTER_OTLP_TIMEOUT says otherwise: the end waits for it. */
const EXPORT_MS = 3_000;

/** The rest of OpenTelemetry's variables (endpoint, headers, sampler, batch sizes) is read by its own packages. */
type Environment = Readonly<Record<string, string | undefined>>;

export interface Tracing {
  /** Sends what is not sent yet; what cannot be sent in time is dropped. */
  close(): Promise<void>;
}

/**
 * Sends traces where OpenTelemetry's usual variables say; without them nothing is loaded, and no span is made.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * Throws a `ConfigError` for a variable whose value is not supported, and when the optional packages are not installed.
 */
export async function startTracing(environment: Environment): Promise<Tracing | undefined> {
  const mistakes = tracingMistakes(environment);
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(({ text }) => text));
  if (!isWanted(environment)) return undefined;
  const { api, sdk, resources, core, hooks, exporter } = await load(protocol(environment));
  const isTimed = environment['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] || environment['OTEL_EXPORTER_OTLP_TIMEOUT'];
  const timeout = isTimed ? {} : { timeoutMillis: EXPORT_MS };
  const provider = new sdk.BasicTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': 'orgql', 'service.version': version() }))
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter(timeout))],
  });
  api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  api.trace.setGlobalTracerProvider(provider);
  return { close: () => provider.shutdown().catch(() => {}) };
}

/** The variables of OpenTelemetry whose values are not supported. */
export function tracingMistakes(environment: Environment): Mistake[] {
  const exporter = environment['OTEL_TRACES_EXPORTER'];
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || exporter === 'none') return [];
  return [
    ...(exporter && exporter !== 'otlp' ? [unsupported('OTEL_TRACES_EXPORTER', 'otlp or none', exporter)] : []),
    ...['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].flatMap((name) => {
      const value = environment[name];
      const isKnown = !value || PROTOCOLS.some((each) => each === value);
      return isKnown ? [] : [unsupported(name, PROTOCOLS.join(' or '), value)];
    }),
    ...['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].flatMap((name) => {
      const value = environment[name];
      const isUrl = !value || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
      return isUrl ? [] : [unsupported(name, 'an http or https URL such as http://127.0.0.1:4318', value)];
    }),
  ];
}

function isWanted(environment: Environment): boolean {
  const exporter = environment['OTEL_TRACES_EXPORTER'] || undefined;
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || exporter === 'none') return false;
  const endpoint = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return exporter === 'otlp' || Boolean(endpoint);
}

function protocol(environment: Environment): (typeof PROTOCOLS)[number] {
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    const value = environment[name];
    if (!value) continue;
    const known = PROTOCOLS.find((each) => each === value);
    if (known) return known;
  }
  return 'http/protobuf';
}

const unsupported = (source: string, expected: string, got: string): Mistake => ({
  source,
  text: `${source}: expected ${expected}, got ${/\/\/[^/]*@/.test(got) ? 'another text' : JSON.stringify(got)}`,
});

async function load(by: (typeof PROTOCOLS)[number]) {
  try {
    const [api, sdk, resources, core, hooks, exporter] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
      import('@opentelemetry/context-async-hooks'),
      by === 'http/json'
        ? import('@opentelemetry/exporter-trace-otlp-http')
        : import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);
    return { api, sdk, resources, core, hooks, exporter };
  } catch (error) {
    throw new ConfigError(
      `OTEL_* variables ask for traces, but OpenTelemetry's packages cannot be loaded (${error instanceof Error ? error.message.split('\n')[0] : error}); install orgql with its optional dependencies, or set OTEL_TRACES_EXPORTER=none`,
      error,
    );
  }
}
