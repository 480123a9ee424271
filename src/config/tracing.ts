import type { Mistake } from './config-error.ts';

/** The protocols of OTLP that orgql has an exporter for; https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/**
 * Maximum time to send one batch, with all retries, in ms, unless OTEL_EXPORTER_OTLP_TIMEOUT is set. The shutdown waits
 * for it.
 */
const EXPORT_MS = 3_000;

export interface TracingSettings {
  readonly protocol: (typeof PROTOCOLS)[number];
  /** In ms; undefined where OpenTelemetry's own variables set it. */
  readonly timeoutMs: number | undefined;
}

/**
 * Reads the OpenTelemetry variables that orgql needs. OpenTelemetry's packages read the others (endpoint, headers,
 * sampler, batch sizes). `tracing` is undefined if the variables do not enable it.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readTracingSettings(environment: NodeJS.ProcessEnv): {
  readonly tracing?: TracingSettings;
  readonly mistakes: readonly Mistake[];
} {
  const first = (...names: string[]) => names.map((name) => environment[name]).find(Boolean);
  const exporter = first('OTEL_TRACES_EXPORTER');
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || exporter === 'none') return { mistakes: [] };
  const endpoints = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  const protocols = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  const check = (names: string[], isValid: (value: string) => boolean, expected: string): Mistake[] =>
    names.flatMap((name) => {
      const value = environment[name];
      return !value || isValid(value) ? [] : [unsupported(name, expected, value)];
    });
  const mistakes = [
    ...check(['OTEL_TRACES_EXPORTER'], (value) => value === 'otlp', 'otlp or none'),
    ...check(protocols, (value) => PROTOCOLS.some((each) => each === value), PROTOCOLS.join(' or ')),
    ...check(endpoints, isHttpUrl, 'an http or https URL such as http://127.0.0.1:4318'),
  ];
  if (mistakes.length > 0 || (exporter !== 'otlp' && !first(...endpoints))) return { mistakes };
  const protocol = PROTOCOLS.find((each) => each === first(...protocols)) ?? 'http/protobuf';
  const isTimed = first('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT') !== undefined;
  return { tracing: { protocol, timeoutMs: isTimed ? undefined : EXPORT_MS }, mistakes };
}

const isHttpUrl = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** Does not show a value with a password. */
const unsupported = (source: string, expected: string, got: string): Mistake => ({
  source,
  text: `${source}: expected ${expected}, got ${/\/\/[^/]*@/.test(got) ? 'a value that is not shown' : JSON.stringify(got)}`,
});
