import { loadConfig } from '../config/load.ts';
import type { Mistake } from '../config/mistake.ts';
import { createGateway } from '../gateway.ts';
import { demoSettings, isSimulated, useSimulator } from './demo-settings.ts';
import { endOnFault } from './end-on-fault.ts';
import { warnIfExposed } from './options.ts';
import type { Running } from './running.ts';
import { type AddressOptions, addressSettings, type OriginOptions, originSettings } from './settings.ts';
import { startTracing, tracingMistakes } from './tracing.ts';
import { startWorld, type WorldOptions, worldMistakes } from './world.ts';

export interface DemoOptions extends AddressOptions, OriginOptions, WorldOptions {
  /** Its settings are merged over the demo's. */
  readonly config?: string;
}

/**
 * `orgql demo`: the gateway over a simulator of its own, which only this machine can reach. Mistakes of the command line
 * are reported with those of the settings.
 */
export async function demo(
  { config: file, ...options }: DemoOptions,
  usageMistakes: readonly Mistake[] = [],
): Promise<Running> {
  endOnFault();
  const load = (simulatorUrl: string, mistakes: readonly Mistake[]) =>
    loadConfig({
      file,
      environment: process.env,
      options: [...addressSettings(options), ...originSettings(options)],
      defaults: demoSettings(simulatorUrl),
      mistakes: [...usageMistakes, ...mistakes, ...tracingMistakes(process.env)],
      isSimulated: (values) => isSimulated(values, simulatorUrl),
    });
  const wrongFiles = await worldMistakes(options);
  // Without a world there is no simulator: the settings are only checked, and all mistakes reported.
  if (wrongFiles.length > 0) await load('http://127.0.0.1:1', wrongFiles);
  const simulator = await startWorld(options, { port: 0 });
  try {
    const config = await load(simulator.url, []);
    if (config.auth.type === 'none') warnIfExposed(config.host);
    const tracing = await startTracing(process.env);
    const gateway = await createGateway(useSimulator(config, simulator.url));
    return {
      ready: `orgql ready at ${gateway.url}`,
      async close() {
        await gateway.close();
        await simulator.close();
        await tracing?.close();
      },
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
