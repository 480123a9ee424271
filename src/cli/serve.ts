import type { Mistake } from '../config/config-error.ts';
import type { Config } from '../config/index.ts';
import { loadConfig } from '../config/load.ts';
import { readTracingSettings } from '../config/tracing.ts';
import { createGateway } from '../gateway.ts';
import { operationNames } from '../upstream/index.ts';
import { endOnFault } from './end-on-fault.ts';
import { type AddressOptions, addressSettings } from './options.ts';
import type { Running } from './run.ts';
import { startTracing } from './tracing.ts';

export interface ServeOptions extends AddressOptions {
  readonly config?: string;
}

/** `orgql serve`: the gateway over AWS. Mistakes of the command line are reported with those of the settings. */
export async function serve(
  { config: file, ...options }: ServeOptions,
  usageMistakes: readonly Mistake[] = [],
): Promise<Running> {
  endOnFault();
  const config = await loadConfig({
    file,
    environment: process.env,
    operations: operationNames,
    options: addressSettings(options),
    mistakes: [...usageMistakes, ...readTracingSettings(process.env).mistakes],
  });
  return startGateway(config);
}

/** Starts a gateway, and tracing if OpenTelemetry's variables enable it. */
export async function startGateway(config: Config): Promise<Running> {
  const { tracing: settings } = readTracingSettings(process.env);
  const tracing = settings && (await startTracing(settings));
  const gateway = await createGateway(config);
  return {
    ready: `orgql ready at ${gateway.url}`,
    async close() {
      await gateway.close();
      await tracing?.close();
    },
  };
}
