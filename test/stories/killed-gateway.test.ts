import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import type { ConfigInput } from '../../src/config/index.ts';
import { build, Orgql } from '../support/cli.ts';
import { runs } from '../support/runs.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';

const quotas = {
  ...{ accounts: 1_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};
const LIST = `subscription ($after: String) {
  change: organizationHandshakeChanges(after: $after) { cursor type reset handshake { id state } }
}`;
const ONE = `subscription ($after: String, $id: ID!) {
  change: handshakeChanges(after: $after, id: $id) { cursor type reset handshake { id state } }
}`;

interface Change {
  readonly cursor: string;
  readonly type: string;
  readonly reset: boolean;
  readonly handshake: { readonly id: string; readonly state: string } | null;
}

let aws: UpstreamWorld;
let folder: string;
let file: string;
let gateway: Orgql;
let url = '';

beforeAll(async () => {
  build();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  for (const as of ['partner', 'customer'])
    await aws.session({ as }).write('CreateOrganization', { FeatureSet: 'ALL' });
  // AWS refuses the customer's lists, so what it watches is polled by id.
  const failure = { kind: 'error', error: 'AccessDeniedException' } as const;
  const refused = { failure, accountId: '444444444444' };
  aws.simulator.control.setFaults({
    failures: [
      { ...refused, operation: 'ListHandshakesForOrganization' },
      { ...refused, operation: 'ListHandshakesForAccount' },
    ],
  });
  folder = await mkdtemp(join(tmpdir(), 'orgql-killed-'));
  file = join(folder, 'orgql.json');
  const config: ConfigInput = {
    ...demoSettings(aws.simulator.url),
    upstream: { budget: 'off', cacheMs: 1_000 },
    watch: { minIntervalMs: 20, maxIntervalMs: 50, store: join(folder, 'events') },
    log: { level: 'fatal' },
  };
  await writeFile(file, JSON.stringify(config));
  await start();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  gateway = new Orgql(['serve', '--config', file, '--port', '0']);
  url = (await gateway.url()).replace('http', 'ws');
}

/** A subscriber that reconnects with its last cursor when a gateway runs. */
class ReconnectingClient {
  readonly received: string[] = [];
  snapshots = 0;
  completed = false;
  readonly #client;

  constructor(principal: string, query: string, id?: string) {
    const variables: Record<string, unknown> = { id };
    this.#client = createClient({
      url: () => url,
      webSocketImpl: WebSocket,
      connectionParams: { principal },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
      shouldRetry: () => true,
    });
    this.#client.subscribe<{ change: Change }>(
      { query, variables },
      {
        next: ({ data }) => {
          if (!data) return;
          const { cursor, type, reset, handshake } = data.change;
          variables['after'] = cursor;
          if (type === 'BOOKMARK' && reset) this.snapshots += 1;
          if (type !== 'BOOKMARK' && type !== 'SNAPSHOT')
            this.received.push(`${type} ${handshake?.id} ${handshake?.state}`);
        },
        error: (error) => this.received.push(JSON.stringify(error)),
        complete: () => {
          this.completed = true;
        },
      },
    );
  }

  async dispose(): Promise<void> {
    await this.#client.dispose();
  }
}

const invite = async (as: string, name: string) => {
  const Target = { Type: 'EMAIL', Id: `${name}@example.com` } as const;
  return (await aws.session({ as }).write('InviteAccountToOrganization', { Target })).Handshake?.Id ?? '';
};
const cancel = (as: string, HandshakeId: string) => aws.session({ as }).write('CancelHandshake', { HandshakeId });
const until = (condition: () => boolean) => expect.poll(condition, { timeout: 20_000 }).toBe(true);

it('subscribers receive each change once and in order, though the gateway is killed repeatedly', {
  timeout: 60_000,
}, async () => {
  const rounds = runs(3, 2);
  const list = new ReconnectingClient('partner', LIST);
  // Each round cancels one while the gateway runs, and one while it does not.
  const ids = await Promise.all(Array.from({ length: 2 * rounds }, (_, n) => invite('customer', `one-${n}`)));
  const ones = ids.map((id) => new ReconnectingClient('customer', ONE, id));
  await until(() => [list, ...ones].every(({ snapshots }) => snapshots === 1));

  const invited: string[] = [];
  const inviteMore = async (count: number) => {
    for (let n = 0; n < count; n += 1) invited.push(await invite('partner', `account-${invited.length}`));
  };
  for (let round = 0; round < rounds; round += 1) {
    await inviteMore(5);
    await until(() => list.received.length > 10 * round);
    await inviteMore(3);
    await cancel('customer', ids[2 * round] ?? '');
    gateway.process.kill('SIGKILL');
    await gateway.finished;
    await inviteMore(2);
    await cancel('customer', ids[2 * round + 1] ?? '');
    await start();
    await until(
      () =>
        list.received.length === invited.length && ones.filter(({ completed }) => completed).length === 2 * (round + 1),
    );
  }

  expect([...list.received].sort()).toEqual(invited.map((id) => `ADDED ${id} OPEN`).sort());
  expect(ones.map(({ received }) => received)).toEqual(ids.map((id) => [`CHANGED ${id} CANCELED`]));
  expect([list, ...ones].map(({ snapshots }) => snapshots)).toEqual(Array(1 + ones.length).fill(1));
  await Promise.all([list, ...ones].map((client) => client.dispose()));
});
