import { loadConfig } from '../config/load.ts';
import { createGateway } from '../gateway.ts';
import { demoSettings } from './demo-settings.ts';
import { endOnFault } from './end-on-fault.ts';
import { warnIfExposed } from './options.ts';
import type { Running } from './running.ts';
import { type AddressOptions, addressSettings } from './settings.ts';
import { startTracing } from './tracing.ts';
import { startWorld, type WorldOptions } from './world.ts';

/** `orgql demo`: the gateway over a simulator of its own, which only this machine can reach. */
export async function demo({ host, port, ...world }: AddressOptions & WorldOptions): Promise<Running> {
  endOnFault();
  const simulator = await startWorld(world, { port: 0 });
  try {
    const config = await loadConfig({
      environment: process.env,
      options: addressSettings({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) }),
      defaults: demoSettings(simulator.url),
      simulated: true,
    });
    warnIfExposed(config.host);
    const tracing = await startTracing(process.env);
    const gateway = await createGateway(config);
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
