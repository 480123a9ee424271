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
/** Two pages, so that a poll takes more than one call. */
const invitedBefore = 25;
const quotas = {
  ...{ accounts: 1_000, inboundTransfers: 10, outboundTransfers: 1, transferChain: 1, aggregateTransfers: 1_000 },
};

const document = `subscription ($filter: HandshakeFilter) {
  organizationHandshakeChanges(filter: $filter) { type reset handshake { id action state } cursor }
}`;
/** The test only sends invitations: the first two filters match them, the others match nothing. */
const filters = [
  { actionType: 'INVITE' },
  undefined,
  { actionType: 'ENABLE_ALL_FEATURES' },
  { actionType: 'TRANSFER_RESPONSIBILITY' },
];
const matchesInvitations = (filter: (typeof filters)[number]) => filter === undefined || filter.actionType === 'INVITE';

/** A gateway over a simulated AWS, whose polls the test triggers. */
async function startGateway() {
  const aws = await startUpstream({ simulator: { settings: { quotas } } });
  const config = configSchema.parse({
    ...{ port: 0, log: { level: 'silent' }, upstream: { budget: 'off' } },
    watch: { minIntervalMs: pollMs, maxIntervalMs: pollMs },
  });
  // A separate upstream, so that the gateway sees its writes only by polling.
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
    /** Triggers the first poll, once the timers of it and of the first bookmark are set. */
    async begin() {
      while (clock.pending < 2) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(0);
    },
    /** Triggers one poll, and waits until the timer of the next is set. */
    async poll() {
      const { pending } = clock;
      await clock.advance(pollMs);
      while (clock.pending < pending) await new Promise((resolve) => setImmediate(resolve));
    },
    /** The gateway's calls to AWS so far. */
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

/**
 * Returns the gateway's calls for this number of subscribers. The first subscribes at the beginning, and a tenth of the
 * others in each round.
 */
async function callsFor(subscribers: number) {
  const gateway = await startGateway();
  const client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });
  const leave: (() => unknown)[] = [];
  const receivers: (() => Promise<string | undefined>)[] = [];
  let joined = 0;
  const join = async () => {
    const number = joined;
    joined += 1;
    const filter = filters[number % filters.length];
    const variables = { filter };
    // Half of them share one WebSocket, some have their own SSE streams, and the rest their own WebSockets.
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
    if (matchesInvitations(filter)) receivers.push(async () => (await next()).handshake?.id);
  };
  try {
    await Promise.all([join(), gateway.begin()]);
    for (let round = 0; round < rounds; round += 1) {
      const until = Math.min(subscribers, 1 + Math.ceil(((subscribers - 1) * (round + 1)) / 10));
      await Promise.all(Array.from({ length: until - joined }, join));
      // Every third round has no change.
      const invited = round % 3 === 2 ? undefined : await gateway.invite(`round-${round}`);
      await gateway.poll();
      if (invited === undefined) continue;
      expect(new Set(await Promise.all(receivers.map((next) => next())))).toEqual(new Set([invited]));
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

it('the gateway makes the same calls for one subscriber and for hundreds, with any filters, transports and start times', async () => {
  const callsForOne = await callsFor(1);
  expect(callsForOne).toEqual([
    { operation: 'ListHandshakesForOrganization', accountId: '111111111111', count: 2 * (1 + rounds) },
  ]);
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  expect(await callsFor(400)).toEqual(callsForOne);
  expect(warnings).toEqual([]);
});
