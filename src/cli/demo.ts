import { isLoopback } from '../config/addresses.ts';
import type { Mistake } from '../config/config-error.ts';
import { loadConfig } from '../config/load.ts';
import { readTracingSettings } from '../config/tracing.ts';
import { operationNames } from '../upstream/index.ts';
import { DEMO_INVENTORY, demoSettings, isSimulated, useSimulator } from './demo-settings.ts';
import { endOnFault } from './end-on-fault.ts';
import { type AddressOptions, addressSettings, type OriginOptions, originSettings } from './options.ts';
import type { Running } from './run.ts';
import { startGateway } from './serve.ts';
import { startWorld, type WorldOptions, worldMistakes } from './world.ts';

export interface DemoOptions extends AddressOptions, OriginOptions, WorldOptions {
  /** A settings file, which takes precedence over the demo's settings. */
  readonly config?: string;
}

/**
 * `orgql demo`: the gateway over an embedded simulator, which only this machine can reach. Reports mistakes of the
 * command line together with those of the settings.
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
      operations: operationNames,
      options: [...addressSettings(options), ...originSettings(options)],
      defaults: { ...demoSettings(simulatorUrl), inventory: DEMO_INVENTORY },
      mistakes: [...usageMistakes, ...mistakes, ...readTracingSettings(process.env).mistakes],
      isSimulated: (values) => isSimulated(values, simulatorUrl),
    });
  const wrongFiles = await worldMistakes(options);
  // Without a world there is no simulator, so `load` only reports all mistakes.
  if (wrongFiles.length > 0) await load('http://127.0.0.1:1', wrongFiles);
  const simulator = await startWorld(options, { port: 0 });
  try {
    const config = await load(simulator.url, []);
    if (config.auth.type === 'none') warnIfExposed(config.host);
    const gateway = await startGateway(useSimulator(config, simulator.url));
    return {
      ready: gateway.ready,
      async close() {
        await gateway.close();
        await simulator.close();
      },
    };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

/** Warns if other machines can reach the demo, which has no authentication. */
function warnIfExposed(host: string): void {
  if (isLoopback(host)) return;
  console.warn(
    `orgql: warning: listening on ${host}: every client that reaches the port can act as any principal of the demo`,
  );
}
