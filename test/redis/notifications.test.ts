import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import type { ConfigInput } from '../../src/config/index.ts';
import { build, Orgql } from '../support/cli.ts';
import { query } from '../support/client.ts';
import { destination, runModel, steps } from '../support/notification-model.ts';
import { runs } from '../support/runs.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';
import { RedisServer } from './redis-server.ts';

const quotas = {
  ...{ accounts: 5_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};

let redis: RedisServer;
let aws: UpstreamWorld;
let receiver: WebhookReceiver;
let folder: string;
let file: string;
let replicas: { readonly process: Orgql; readonly url: string }[] = [];

beforeAll(async () => {
  build();
  redis = await RedisServer.start();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  receiver = await WebhookReceiver.start();
  folder = await mkdtemp(join(tmpdir(), 'orgql-notifications-'));
  file = join(folder, 'orgql.json');
  const config: ConfigInput = {
    ...demoSettings(aws.simulator.url),
    upstream: { budget: 'off', cacheMs: 0 },
    watch: { minIntervalMs: 20, maxIntervalMs: 50 },
    redis: { url: redis.url, leaseMs: 500, toleranceMs: 60_000 },
    notifications: [destination(receiver)],
    log: { level: 'fatal' },
  };
  await writeFile(file, JSON.stringify(config));
  replicas = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all(replicas.map(({ process }) => process[Symbol.asyncDispose]()));
  await receiver[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start() {
  const process = new Orgql(['serve', '--config', file, '--port', '0']);
  return { process, url: await process.url() };
}

const stateOf = async (url: string): Promise<string> => {
  const document = '{ gatewayStatus { notifications { state } } }';
  const { data } = await query(url, { document, as: { principal: 'partner' } });
  return data.gatewayStatus.notifications[0].state;
};

/** Kills the replica that sends, so that the other one takes over. */
async function kill(): Promise<void> {
  const states = await Promise.all(replicas.map(({ url }) => stateOf(url).catch(() => 'STANDBY')));
  const index = Math.max(
    0,
    states.findIndex((state) => state !== 'STANDBY'),
  );
  const [killed] = replicas.splice(index, 1);
  await killed?.process[Symbol.asyncDispose]();
  replicas.push(await start());
}

it('one replica sends, and another one continues when it is killed: no event is lost or out of order', {
  timeout: 300_000,
}, async () => {
  await expect
    .poll(async () => (await Promise.all(replicas.map(({ url }) => stateOf(url)))).toSorted(), { timeout: 10_000 })
    .toEqual(['ACTIVE', 'STANDBY']);
  const totals = { events: 0, duplicates: 0, interruptions: 0 };
  const gateways = { url: () => replicas[0]?.url.replace('http', 'ws'), kill };
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const outcome = await runModel(all, { aws, receiver, gateways });
      // At most four deliveries to a destination are in flight.
      expect(outcome.duplicates).toBeLessThanOrEqual(4 * outcome.interruptions);
      totals.events += outcome.events;
      totals.duplicates += outcome.duplicates;
      totals.interruptions += outcome.interruptions;
    }),
    { numRuns: runs(4, 2), endOnFailure: true },
  );
  process.stdout.write(
    `${totals.events} events, ${totals.duplicates} duplicates after ${totals.interruptions} kills and restarts\n`,
  );
});
