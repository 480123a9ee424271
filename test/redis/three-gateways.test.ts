import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import type { ConfigInput } from '../../src/config/index.ts';
import { build, Orgql } from '../support/cli.ts';
import { query } from '../support/client.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { RedisServer } from './redis-server.ts';

const quotas = {
  accounts: 5_000,
  inboundTransfers: 10,
  outboundTransfers: 1,
  transferChain: 1,
  aggregateTransfers: 1_000,
};
const WATCH = `subscription ($after: String) {
  organizationHandshakeChanges(after: $after) { cursor type reset handshake { id state } }
}`;

let redis: RedisServer;
let aws: UpstreamWorld;
let folder: string;
let gateways: Orgql[];
let urls: string[];

beforeAll(async () => {
  build();
  redis = await RedisServer.start();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  folder = await mkdtemp(join(tmpdir(), 'orgql-replicas-'));
  const file = join(folder, 'orgql.json');
  const config: ConfigInput = {
    ...demoSettings(aws.simulator.url),
    // Polls are not held back; a query for the root is answered five times a second.
    upstream: {
      cacheMs: 0,
      limits: { ListHandshakesForOrganization: { rate: 1_000, burst: 1_000 }, ListRoots: { rate: 5, burst: 1 } },
    },
    watch: { minIntervalMs: 50, maxIntervalMs: 200 },
    redis: { url: redis.url, leaseMs: 1_000, toleranceMs: 60_000 },
    log: { level: 'fatal' },
  };
  await writeFile(file, JSON.stringify(config));
  gateways = [1, 2, 3].map(() => new Orgql(['serve', '--config', file, '--port', '0']));
  urls = await Promise.all(gateways.map((gateway) => gateway.url()));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway[Symbol.asyncDispose]()));
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** One who listens with a client that connects again, by its cursor, wherever there is a gateway. */
class Listener {
  readonly told: string[] = [];
  snapshots = 0;
  connections = 0;
  #at: number;
  readonly #variables: { after?: string } = {};
  readonly #client;

  constructor(at: number) {
    this.#at = at;
    this.#client = createClient({
      url: () => urls[this.#at % urls.length]?.replace('http', 'ws') ?? '',
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
      shouldRetry: () => true,
      on: {
        connected: () => {
          this.connections += 1;
        },
        closed: () => {
          this.#at += 1;
        },
      },
    });
    this.#subscribe();
  }

  /** As when its network goes away. */
  reconnect(): void {
    this.#client.terminate();
  }

  dispose(): void {
    void this.#client.dispose();
  }

  #subscribe(): void {
    interface Event {
      readonly cursor: string;
      readonly type: string;
      readonly reset: boolean;
      readonly handshake: { readonly id: string } | null;
    }
    this.#client.subscribe<{ organizationHandshakeChanges: Event }>(
      { query: WATCH, variables: this.#variables as Record<string, unknown> },
      {
        next: ({ data }) => {
          if (!data) return;
          const { cursor, type, reset, handshake } = data.organizationHandshakeChanges;
          this.#variables.after = cursor;
          if (type === 'BOOKMARK' && reset) this.snapshots += 1;
          if (type !== 'BOOKMARK' && type !== 'SNAPSHOT') this.told.push(`${type} ${handshake?.id}`);
        },
        error: () => this.#subscribe(),
        complete: () => {},
      },
    );
  }
}

const invite = (name: string) => inviteByEmail(aws, name);

const everybody = (listeners: readonly Listener[], test: (listener: Listener) => boolean) =>
  expect.poll(() => listeners.filter((listener) => !test(listener)).length, { timeout: 60_000 }).toBe(0);

it('300 listeners at three gateways are told each of 200 changes once and in one order, though the gateway that polls is killed and a third reconnect', async () => {
  // The first who comes to a gateway makes it lead.
  const first = new Listener(0);
  await everybody([first], ({ snapshots }) => snapshots === 1);
  const listeners = [first, ...Array.from({ length: 299 }, (_, at) => new Listener(at + 1))];
  await everybody(listeners, ({ snapshots }) => snapshots === 1);

  const invited: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    invited.push(await invite(`account-${n}`));
    if (n === 60) gateways[0]?.process.kill('SIGKILL');
    if (n === 100) for (const listener of listeners.filter((_, at) => at % 3 === 1)) listener.reconnect();
  }
  await everybody(listeners, ({ told }) => told.length >= 200);

  expect([...first.told].sort()).toEqual(invited.map((id) => `ADDED ${id}`).sort());
  for (const { told } of listeners) expect(told).toEqual(first.told);
  expect(listeners.every(({ snapshots }) => snapshots === 1)).toBe(true);
  expect(listeners.filter(({ connections }) => connections > 1).length).toBeGreaterThanOrEqual(200);

  // Redis goes away for ten seconds, while things happen. Queries are answered all that time, as often as each gateway's own rate budget allows.
  await redis.stop();
  const meanwhile: string[] = [];
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    meanwhile.push(await invite(`meanwhile-${meanwhile.length}`));
    const answers = await Promise.all(urls.slice(1).map((url) => query(url, { document: '{ root { id } }' })));
    for (const { data } of answers) expect(data.root.id).toMatch(/^r-/);
  }
  await redis.start();
  await everybody(listeners, ({ told }) => told.length >= 200 + meanwhile.length);
  expect(first.told.slice(200).sort()).toEqual(meanwhile.map((id) => `ADDED ${id}`).sort());
  for (const { told } of listeners) expect(told).toEqual(first.told);
  expect(listeners.every(({ snapshots }) => snapshots === 1)).toBe(true);
  for (const listener of listeners) listener.dispose();
});
