import { DEFAULT_HOST } from '../config/addresses.ts';
import { ConfigError, type Mistake } from '../config/config-error.ts';
import { endOnFault } from './end-on-fault.ts';
import { type AddressOptions, SIMULATOR_PORT } from './options.ts';
import type { Running } from './run.ts';
import { startWorld, type WorldOptions, worldMistakes } from './world.ts';

export interface SimulateOptions extends AddressOptions, WorldOptions {
  readonly account?: string;
  readonly verifySignatures?: string;
  readonly throttle?: boolean;
  readonly latency?: number;
  readonly emptyPages?: boolean;
  readonly randomSeed?: number;
}

/** `orgql simulate`: AWS Organizations on this machine, for any AWS client. */
export async function simulate(options: SimulateOptions, usageMistakes: readonly Mistake[] = []): Promise<Running> {
  endOnFault();
  const mistakes = [...usageMistakes, ...(await worldMistakes(options))];
  if (mistakes.length > 0) throw new ConfigError(mistakes.map(({ text }) => text));
  const { latency, verifySignatures, host = DEFAULT_HOST, port = SIMULATOR_PORT, ...others } = options;
  // `startWorld` translates these.
  const { seed, accounts, state, autoRespond, controlPolicies, ...rest } = others;
  const simulator = await startWorld(options, {
    ...rest,
    host,
    port,
    ...(latency !== undefined && { latencyMs: latency }),
    ...(verifySignatures !== undefined && { verifySignatures: { secretAccessKey: verifySignatures } }),
  });
  return { ready: `simulator ready at ${simulator.url}`, close: simulator.close };
}
