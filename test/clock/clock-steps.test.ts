import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import type { ConfigInput } from '../../src/config/index.ts';
import { RedisServer } from '../redis/redis-server.ts';
import { build, Orgql } from '../support/cli.ts';
import { query, type Subscription, subscribe } from '../support/client.ts';
import { send } from '../support/http.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { ProcessClock } from './process-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const steps = [
  ['back by 8 s', -8_000],
  ['back by an hour', -hour],
  ['forth by an hour', hour],
] as const;

const document = `subscription ($after: String) {
  organizationHandshakeChanges(after: $after) { cursor type observedAt handshake { id state } }
}`;

let aws: UpstreamWorld;
let folder: string;
let clock: ProcessClock;
const gateways: Orgql[] = [];
const servers: RedisServer[] = [];

beforeAll(build);
beforeEach(async () => {
  aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  folder = await mkdtemp(join(tmpdir(), 'orgql-steps-'));
  clock = new ProcessClock();
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway[Symbol.asyncDispose]()));
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  clock[Symbol.dispose]();
});

/** Starts a gateway process and returns its URL. `isFaked`: it uses the clock that the tests step. */
async function startGateway(more: Partial<ConfigInput> = {}, isFaked = true): Promise<string> {
  const file = join(folder, 'orgql.json');
  const config: ConfigInput = {
    ...demoSettings(aws.simulator.url),
    upstream: { limits: { ListHandshakesForOrganization: { rate: 1_000, burst: 1_000 } } },
    watch: { minIntervalMs: 100, maxIntervalMs: 1_000 },
    ...more,
  };
  await writeFile(file, JSON.stringify(config));
  const gateway = new Orgql(['serve', '--config', file, '--port', '0'], isFaked ? clock.environment : {});
  gateways.push(gateway);
  return gateway.url();
}

const startRedis = async () => {
  const server = await RedisServer.start({ persistent: false });
  servers.push(server);
  return { redis: { url: server.url, leaseMs: 1_000, toleranceMs: minute } };
};

/** The next event that has a handshake. */
async function nextChange(events: Subscription) {
  for (;;) {
    const { data } = await events.event();
    const event = data.organizationHandshakeChanges;
    if (event.handshake !== null) return event;
  }
}

const ready = async (url: string) => (await send(`${new URL('/ready', url)}`)).status;

describe.each(steps)('when the wall clock of a gateway steps %s', (_name, stepMs) => {
  it('events, queries and probes still work', async () => {
    const url = await startGateway();
    const events = subscribe(url, { document });
    const ids = [await inviteByEmail(aws, 'before')];
    expect((await nextChange(events)).handshake.id).toBe(ids[0]);

    clock.step(stepMs);
    for (const name of ['one', 'two', 'three']) {
      const id = await inviteByEmail(aws, name);
      const { type, observedAt, handshake } = await nextChange(events);
      expect([type, handshake.id]).toEqual(['ADDED', id]);
      // The step took effect.
      expect(Math.abs(Date.parse(observedAt) - clock.date)).toBeLessThan(Math.abs(stepMs) / 2);
    }
    const { data } = await query(url, { document: '{ organization { id } }' });
    expect(data.organization.id).toMatch(/^o-/);
    expect(await ready(url)).toBe(200);
    await events.return();
  });

  it('and it is one of three replicas, all three send each event once, even if it is the leader', async () => {
    const more = await startRedis();
    const urls = [await startGateway(more), await startGateway(more, false), await startGateway(more, false)];
    const subscriptions: Subscription[] = [];
    for (const url of urls) {
      const events = subscribe(url, { document });
      subscriptions.push(events);
      // The first gateway becomes the leader.
      expect((await events.event()).data.organizationHandshakeChanges.type).toBe('BOOKMARK');
    }
    clock.step(stepMs);
    for (const name of ['one', 'two', 'three']) {
      const id = await inviteByEmail(aws, name);
      for (const events of subscriptions) expect((await nextChange(events)).handshake.id).toBe(id);
    }
    const [first, ...others] = subscriptions;
    await first?.return();
    gateways[0]?.process.kill('SIGKILL');
    const id = await inviteByEmail(aws, 'after');
    for (const events of others) {
      expect((await nextChange(events)).handshake.id).toBe(id);
      await events.return();
    }
  });
});
