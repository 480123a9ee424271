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
    // Polls are not limited, and queries for the root are limited to five a second.
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

/** A subscriber that reconnects to the next gateway with its last cursor. */
class ReconnectingClient {
  readonly received: string[] = [];
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

  /** Simulates a lost connection. */
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
          if (type !== 'BOOKMARK' && type !== 'SNAPSHOT') this.received.push(`${type} ${handshake?.id}`);
        },
        error: () => this.#subscribe(),
        complete: () => {},
      },
    );
  }
}

const invite = (name: string) => inviteByEmail(aws, name);

const expectAll = (clients: readonly ReconnectingClient[], test: (client: ReconnectingClient) => boolean) =>
  expect.poll(() => clients.filter((client) => !test(client)).length, { timeout: 60_000 }).toBe(0);

it('300 clients at three gateways receive each of 200 changes once and in one order, though the polling gateway is killed and a third reconnect', async () => {
  // The gateway of the first subscriber becomes the leader.
  const first = new ReconnectingClient(0);
  await expectAll([first], ({ snapshots }) => snapshots === 1);
  const clients = [first, ...Array.from({ length: 299 }, (_, at) => new ReconnectingClient(at + 1))];
  await expectAll(clients, ({ snapshots }) => snapshots === 1);

  const invited: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    invited.push(await invite(`account-${n}`));
    if (n === 60) gateways[0]?.process.kill('SIGKILL');
    if (n === 100) for (const client of clients.filter((_, at) => at % 3 === 1)) client.reconnect();
  }
  await expectAll(clients, ({ received }) => received.length >= 200);

  expect([...first.received].sort()).toEqual(invited.map((id) => `ADDED ${id}`).sort());
  for (const { received } of clients) expect(received).toEqual(first.received);
  expect(clients.every(({ snapshots }) => snapshots === 1)).toBe(true);
  expect(clients.filter(({ connections }) => connections > 1).length).toBeGreaterThanOrEqual(200);

  // Redis is unreachable for ten seconds, while objects change. Each gateway serves queries within its own rate budget.
  await redis.stop();
  const meanwhile: string[] = [];
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    meanwhile.push(await invite(`meanwhile-${meanwhile.length}`));
    const answers = await Promise.all(urls.slice(1).map((url) => query(url, { document: '{ root { id } }' })));
    for (const { data } of answers) expect(data.root.id).toMatch(/^r-/);
  }
  await redis.start();
  await expectAll(clients, ({ received }) => received.length >= 200 + meanwhile.length);
  expect(first.received.slice(200).sort()).toEqual(meanwhile.map((id) => `ADDED ${id}`).sort());
  for (const { received } of clients) expect(received).toEqual(first.received);
  expect(clients.every(({ snapshots }) => snapshots === 1)).toBe(true);
  for (const client of clients) client.dispose();
});
