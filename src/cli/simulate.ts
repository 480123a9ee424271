import { listenError } from '../server/listen.ts';
import { startSimulator } from '../simulator/index.ts';
import type { Running } from './running.ts';
import type { AddressOptions } from './settings.ts';
import { readWorld, type WorldOptions } from './world.ts';

export interface SimulateOptions extends AddressOptions, WorldOptions {
  readonly account?: string;
  readonly throttle?: boolean;
  readonly latency?: number;
  readonly emptyPages?: boolean;
}

/** `orgql simulate`: AWS Organizations on this machine, for any AWS client. */
export async function simulate(options: SimulateOptions): Promise<Running> {
  const { seed, accounts, latency, host = '127.0.0.1', port = 4566, ...rest } = options;
  const world = readWorld({ ...(seed !== undefined && { seed }), ...(accounts !== undefined && { accounts }) });
  const simulator = await startSimulator({
    ...rest,
    ...world,
    host,
    port,
    ...(latency !== undefined && { latencyMs: latency }),
  }).catch((error: unknown) => {
    throw listenError(error, host, port);
  });
  return { ready: `simulator ready at ${simulator.url}`, close: simulator.close };
}
