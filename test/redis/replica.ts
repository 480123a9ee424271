import { type Logger, pino } from 'pino';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createSharedState, type SharedState } from '../../src/redis/index.ts';
import type { Clock, MeteredUpstream } from '../../src/upstream/index.ts';
import { createWatcher, type Watcher } from '../../src/watcher/index.ts';

export interface ReplicaOptions {
  readonly redis: NonNullable<ConfigInput['redis']>;
  readonly watch?: NonNullable<ConfigInput['watch']>;
  readonly log?: Logger;
  readonly clock?: Clock;
}

export interface Replica {
  readonly watcher: Watcher;
  readonly shared: SharedState;
}

/** Starts the watcher of one of several gateways. It polls quickly, and its logs are in Redis. */
export async function startReplica(
  upstream: MeteredUpstream,
  { redis, watch, log = pino({ level: 'silent' }), clock }: ReplicaOptions,
): Promise<Replica> {
  const config = configSchema.parse({ watch: { minIntervalMs: 20, maxIntervalMs: 40, ...watch }, redis });
  if (config.redis === undefined) throw new Error('no redis');
  const shared = await createSharedState(config.redis, config, log);
  return { shared, watcher: createWatcher(upstream, config.watch, { journals: shared.journals, clock, log }) };
}
