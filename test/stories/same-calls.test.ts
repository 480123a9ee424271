import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { configSchema } from '../../src/config/index.ts';
import { createAuthenticate } from '../../src/principal/index.ts';
import { toGraphQLError } from '../../src/schema/errors.ts';
import { schema } from '../../src/schema/index.ts';
import { startServer } from '../../src/transport/index.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';
import { type Subscription, subscribeBySse } from '../support/client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startUpstream } from '../support/upstream.ts';

const pollMs = 1_000;
const rounds = 12;
/** In two pages, so that a poll is more than one call. */
const invitedBefore = 25;
const quotas = {
  ...{ accounts: 1_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};

const document = `subscription ($filter: HandshakeFilter) {
  organizationHandshakeChanges(filter: $filter) { type reset handshake { id action state } cursor }
}`;
/** All that happens are invitations: the first two are told of them, the others of nothing. */
const filters = [
  { actionType: 'INVITE' },
  undefined,
  { actionType: 'ENABLE_ALL_FEATURES' },
  { actionType: 'TRANSFER_RESPONSIBILITY' },
];
const isTold = (filter: (typeof filters)[number]) => filter === undefined || filter.actionType === 'INVITE';

/** A gateway whose polls come when the test says so, over a simulated AWS. */
async function startGateway() {
  const aws = await startUpstream({ simulator: { settings: { quotas } } });
  const config = configSchema.parse({
    ...{ port: 0, log: { level: 'silent' }, upstream: { budget: 'off' } },
    watch: { minIntervalMs: pollMs, maxIntervalMs: pollMs },
  });
  // What it does, the gateway learns from its polls alone.
  const elsewhere = createUpstream(config.upstream);
  const partner = aws.principal('partner');
  const write = elsewhere.session(partner);
  await write.write('CreateOrganization', { FeatureSet: 'ALL' });
  const invite = async (name: string) => {
    const Target = { Type: 'EMAIL', Id: `${name}@example.com` } as const;
    const { Handshake } = await elsewhere.session(partner).write('InviteAccountToOrganization', { Target });
    return Handshake?.Id;
  };
  for (let n = 0; n < invitedBefore; n += 1) await invite(`before-${n}`);
  const clock = new ManualClock(Date.now());
  const watcher = createWatcher(aws.upstream, config.watch, { clock, random: () => 0 });
  const server = await startServer({
    ...{ config, schema, watcher, toGraphQLError, log: pino({ level: 'silent' }) },
    ...{ upstream: aws.upstream, principals: [partner], authenticate: await createAuthenticate(config.auth) },
  });
  aws.simulator.control.resetRequests();
  return {
    url: server.url,
    invite,
    /** Lets the first poll come, as soon as it and the first bookmark are set. */
    async begin() {
      while (clock.pending < 2) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(0);
    },
    /** Lets one poll come, and waits until the next is set. */
    async poll() {
      const { pending } = clock;
      await clock.advance(pollMs);
      while (clock.pending < pending) await new Promise((resolve) => setImmediate(resolve));
    },
    /** What the gateway has asked of AWS. */
    calls: () =>
      aws.simulator.control
        .requests()
        .filter(({ operation }) => operation !== 'InviteAccountToOrganization')
        .map(({ operation, accountId, count }) => ({ operation, accountId, count })),
    async close() {
      await watcher.close();
      await server.close();
      await elsewhere.close();
      await aws[Symbol.asyncDispose]();
      expect(clock.pending).toBe(0);
    },
  };
}

/** So many listen; the first from the beginning, a tenth of the others from each round on. What the gateway has asked of AWS meanwhile. */
async function callsWith(subscribers: number) {
  const gateway = await startGateway();
  const client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });
  const leave: (() => unknown)[] = [];
  const telling: (() => Promise<string | undefined>)[] = [];
  let joined = 0;
  const join = async () => {
    const number = joined;
    joined += 1;
    const filter = filters[number % filters.length];
    const variables = { filter };
    // Half of them on one WebSocket, some on streams of their own, the rest on WebSockets of their own.
    const own = number % 2 === 0 ? client : createClient({ ...socketOf(gateway.url) });
    const events: Pick<Subscription, 'next' | 'return'> =
      number % 10 === 1
        ? subscribeBySse(gateway.url, { document, variables })
        : (own.iterate({ query: document, variables }) as unknown as Subscription);
    leave.push(async () => {
      await events.return();
      if (own !== client) await own.dispose();
    });
    const next = async () => {
      const { value, done } = await events.next();
      if (done || value.errors !== undefined) throw new Error(`subscriber ${number}: ${JSON.stringify(value)}`);
      return value.data.organizationHandshakeChanges;
    };
    for (let event = await next(); event.type !== 'BOOKMARK'; event = await next()) expect(event.reset).toBe(true);
    if (isTold(filter)) telling.push(async () => (await next()).handshake?.id);
  };
  try {
    await Promise.all([join(), gateway.begin()]);
    for (let round = 0; round < rounds; round += 1) {
      const until = Math.min(subscribers, 1 + Math.ceil(((subscribers - 1) * (round + 1)) / 10));
      await Promise.all(Array.from({ length: until - joined }, join));
      // In every third round nothing happens.
      const invited = round % 3 === 2 ? undefined : await gateway.invite(`round-${round}`);
      await gateway.poll();
      if (invited === undefined) continue;
      expect(new Set(await Promise.all(telling.map((next) => next())))).toEqual(new Set([invited]));
    }
    expect(joined).toBe(subscribers);
    return gateway.calls();
  } finally {
    await Promise.all(leave.map((each) => each()));
    await client.dispose();
    await gateway.close();
  }
}

const socketOf = (url: string) => ({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });

it('the gateway asks AWS the same for one subscriber and for hundreds, whatever they filter by, however they are connected and whenever they come', async () => {
  const ofOne = await callsWith(1);
  expect(ofOne).toEqual([
    { operation: 'ListHandshakesForOrganization', accountId: '111111111111', count: 2 * (1 + rounds) },
  ]);
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  expect(await callsWith(400)).toEqual(ofOne);
  expect(warnings).toEqual([]);
});
