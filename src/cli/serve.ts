import { loadConfig } from '../config/load.ts';
import type { Mistake } from '../config/mistake.ts';
import { createGateway } from '../gateway.ts';
import { endOnFault } from './end-on-fault.ts';
import type { Running } from './running.ts';
import { type AddressOptions, addressSettings } from './settings.ts';
import { startTracing, tracingMistakes } from './tracing.ts';

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
    options: addressSettings(options),
    mistakes: [...usageMistakes, ...tracingMistakes(process.env)],
  });
  const tracing = await startTracing(process.env);
  const gateway = await createGateway(config);
  return {
    ready: `orgql ready at ${gateway.url}`,
    async close() {
      await gateway.close();
      await tracing?.close();
    },
  };
}
