import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import type { ConfigInput } from '../../src/config/index.ts';
import { build, Orgql } from '../support/cli.ts';
import { destination, runModel, steps } from '../support/notification-model.ts';
import { runs } from '../support/runs.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const quotas = {
  ...{ accounts: 5_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};

let aws: UpstreamWorld;
let receiver: WebhookReceiver;
let folder: string;
let file: string;
let gateway: Orgql;
let url: string | undefined;

beforeAll(async () => {
  build();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  receiver = await WebhookReceiver.start();
  folder = await mkdtemp(join(tmpdir(), 'orgql-notifications-'));
  file = join(folder, 'orgql.json');
  const config: ConfigInput = {
    ...demoSettings(aws.simulator.url),
    upstream: { budget: 'off', cacheMs: 0 },
    watch: { minIntervalMs: 20, maxIntervalMs: 50, store: join(folder, 'events') },
    notifications: [destination(receiver)],
    log: { level: 'fatal' },
  };
  await writeFile(file, JSON.stringify(config));
  await start();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  gateway = new Orgql(['serve', '--config', file, '--port', '0']);
  url = (await gateway.url()).replace('http', 'ws');
}

async function kill(): Promise<void> {
  url = undefined;
  await gateway[Symbol.asyncDispose]();
  await start();
}

it('a webhook receives each change at least once and in order, though it fails and the gateway is killed', {
  timeout: 300_000,
}, async () => {
  const totals = { events: 0, duplicates: 0, interruptions: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const outcome = await runModel(all, { aws, receiver, gateways: { url: () => url, kill } });
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
