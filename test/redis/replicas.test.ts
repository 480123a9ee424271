import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input, ListName, MeteredUpstream } from '../../src/upstream/index.ts';
import type { WatchEvent, Watcher } from '../../src/watcher/index.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { Reader } from '../watcher/support/reader.ts';
import { RedisServer } from './redis-server.ts';
import { startReplica } from './replica.ts';

const quotas = {
  accounts: 1_000,
  inboundTransfers: 10,
  outboundTransfers: 1,
  transferChain: 1,
  aggregateTransfers: 1_000,
};

let redis: RedisServer;
let aws: UpstreamWorld;
const watchers: Watcher[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  aws = await startUpstream({ simulator: { settings: { quotas } } });
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await Promise.all(watchers.splice(0).map((watcher) => watcher.close()));
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** Starts a replica's watcher. All share the upstream of this process, and so each is notified of its writes. */
const replica = async (watch: object = {}, more: object = {}, upstream: MeteredUpstream = aws.upstream) => {
  const { watcher } = await startReplica(upstream, {
    watch: { keepEvents: 50, ...watch },
    redis: { url: redis.url, leaseMs: 600, toleranceMs: 20_000, ...more },
  });
  watchers.push(watcher);
  return watcher;
};

const list = (watcher: Watcher, after?: string) =>
  new Reader(watcher.watch(aws.principal('partner'), 'organizationHandshakes', { after }));

const invite = (name: string) => inviteByEmail(aws, name);

const ids = ({ events }: { events: readonly WatchEvent<{ Id?: string | undefined }>[] }, type = 'ADDED') =>
  events.flatMap((event) => (event.type === type ? [event.object?.Id] : []));

const caughtUp = (...readers: Reader<unknown>[]) =>
  expect.poll(() => readers.every(({ types }) => types.includes('BOOKMARK')), { timeout: 10_000 }).toBe(true);

it('one of three replicas polls, and all publish the same events with the same cursors', async () => {
  await invite('before');
  const replicas = [await replica(), await replica(), await replica()];
  const readers = replicas.map((watcher) => list(watcher));
  await caughtUp(...readers);
  expect(replicas.map(({ activePollers }) => activePollers).sort()).toEqual([0, 0, 1]);
  const invited: string[] = [];
  for (let n = 0; n < 20; n += 1) invited.push(await invite(`account-${n}`));
  await expect.poll(() => readers.map((reader) => ids(reader).length)).toEqual([20, 20, 20]);
  const [one, two, three] = readers.map(({ events }) => events.map(({ cursor, object }) => [cursor, object?.Id]));
  expect(ids(readers[0] ?? readers[1] ?? { events: [] })).toEqual(invited);
  expect([two, three]).toEqual([one, one]);
});

it('a cursor of one replica resumes at another', async () => {
  const [one, two] = [await replica(), await replica()];
  const reader = list(one);
  await caughtUp(reader);
  const other = list(two);
  await caughtUp(other);
  await reader.stop();
  const missed = [await invite('one'), await invite('two')];
  await expect.poll(() => ids(other).sort()).toEqual(missed.sort());
  const back = list(two, reader.cursor);
  await caughtUp(back);
  expect(ids(back)).toEqual(ids(other));
  expect(back.events.every(({ reset }) => !reset)).toBe(true);
});

it('a cursor of a single object resumes at a replica that has watched nothing before', async () => {
  const id = await invite('one');
  const [one, two] = [await replica(), await replica()];
  const others = list(one);
  const reader = new Reader(one.watchHandshake(aws.principal('partner'), id));
  await caughtUp(reader, others);
  await reader.stop();
  await aws.session().write('CancelHandshake', { HandshakeId: id });
  await expect.poll(() => ids(others, 'CHANGED')).toEqual([id]);
  const back = new Reader(two.watchHandshake(aws.principal('partner'), id, { after: reader.cursor }));
  await expect.poll(() => back.ended).toBe(true);
  expect(back.events).toMatchObject([
    { type: 'CHANGED', reset: false, previousState: 'OPEN', object: { State: 'CANCELED' } },
    { type: 'BOOKMARK', reset: false },
  ]);
});

it('when the leader shuts down, another replica takes over at once; no event is lost or sent twice', async () => {
  const replicas = [await replica(), await replica({}, { leaseMs: 60_000 })];
  const [one, two] = replicas;
  if (one === undefined || two === undefined) throw new Error('two replicas');
  const first = list(one);
  await caughtUp(first);
  const second = list(two);
  await caughtUp(second);
  expect([one.activePollers, two.activePollers]).toEqual([1, 0]);
  const invited = [await invite('before')];
  await expect.poll(() => ids(second)).toEqual(invited);
  await one.close();
  watchers.splice(watchers.indexOf(one), 1);
  invited.push(await invite('after'));
  await expect.poll(() => ids(second)).toEqual(invited);
  expect(two.activePollers).toBe(1);
});

/** An upstream that shows the present state of a list for ever, as when AWS's lists lag, and counts its reads. */
const lagging = async <O extends ListName>(list: O, input: Input<O>) => {
  const before = (await aws.session({ fresh: true }).page(list, input)).items;
  const lag = { reads: 0 };
  const lags = (operation: string) => operation === list;
  const upstream: MeteredUpstream = {
    ...aws.upstream,
    session(principal, options) {
      const session = aws.upstream.session(principal, options);
      return {
        principal,
        cost: session.cost,
        known: (operation, input) => session.known(operation, input),
        knownPage: (list, input) => session.knownPage(list, input),
        accountId: (of) => session.accountId(of),
        read: (operation, input) => session.read(operation, input),
        write: (operation, input) => session.write(operation, input),
        page: (operation, input) => session.page(operation, input),
        async *pages(operation, input) {
          if (!lags(operation)) {
            yield* session.pages(operation, input);
            return;
          }
          yield { items: before as never, nextToken: undefined };
          lag.reads += 1;
        },
      };
    },
  };
  return { lag, upstream };
};

it('the new leader knows recent writes, and stale lists do not revert them', async () => {
  const start = new Date(aws.simulator.clock.now());
  await aws.session({ as: 'customer' }).write('CreateOrganization', { FeatureSet: 'ALL' });
  await aws.session().write('InviteOrganizationToTransferResponsibility', {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '444444444444' },
    StartTimestamp: new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 2, 1)),
    SourceName: 'before',
  });
  const transfers = await lagging('ListInboundResponsibilityTransfers', { Type: 'BILLING' });
  const handshakes = await lagging('ListHandshakesForOrganization', {});
  const first = await replica();
  const second = await replica({}, {}, transfers.upstream);
  const third = await replica({}, {}, handshakes.upstream);
  const inbound = (watcher: Watcher) =>
    new Reader(watcher.watch(aws.principal('partner'), 'inboundResponsibilityTransfers'));
  const [led, leads] = [inbound(first), list(first)];
  await caughtUp(led, leads);
  const [renamed, invited] = [inbound(second), list(third)];
  await caughtUp(renamed, invited);
  const id = renamed.events[0]?.object?.Id;
  await aws.session().write('UpdateResponsibilityTransfer', { Id: id, Name: 'after' });
  const handshake = await invite('new');
  await expect.poll(() => [renamed.types, ids(invited)]).toEqual(['SNAPSHOT BOOKMARK CHANGED', [handshake]]);
  await first.close();
  watchers.splice(watchers.indexOf(first), 1);
  // Without the write, two reads in a row would remove the object.
  await expect.poll(() => Math.min(transfers.lag.reads, handshakes.lag.reads), { timeout: 10_000 }).toBeGreaterThan(5);
  expect(renamed.events.map(({ object }) => object?.Name)).toEqual(['before', undefined, 'after']);
  expect(invited.events.filter(({ type }) => type === 'REMOVED')).toEqual([]);
});

it('a subscription to one object uses the list that another replica polls', async () => {
  const [one, two] = [await replica(), await replica()];
  const reader = list(one);
  await caughtUp(reader);
  const id = await invite('one');
  const single = new Reader(two.watchHandshake(aws.principal('partner'), id));
  await caughtUp(single);
  expect(single.events[0]).toMatchObject({ type: 'SNAPSHOT', object: { Id: id, State: 'OPEN' } });
  await aws.session().write('CancelHandshake', { HandshakeId: id });
  await expect.poll(() => single.ended).toBe(true);
  expect(single.events.at(-1)).toMatchObject({ type: 'CHANGED', object: { State: 'CANCELED' } });
});

it('while Redis is unreachable no event is sent; afterwards every subscriber receives what changed meanwhile once', async () => {
  const replicas = [await replica(), await replica()];
  const readers = replicas.map((watcher) => list(watcher));
  await caughtUp(...readers);
  const invited = [await invite('before')];
  await expect.poll(() => readers.map((reader) => ids(reader).length)).toEqual([1, 1]);
  await redis.stop();
  invited.push(await invite('meanwhile'));
  // The leader cannot renew its lease and stops polling.
  await expect.poll(() => replicas.map(({ activePollers }) => activePollers), { timeout: 10_000 }).toEqual([0, 0]);
  invited.push(await invite('later'));
  await redis.start();
  await expect
    .poll(() => readers.map((reader) => [...ids(reader)].sort()), { timeout: 10_000 })
    .toEqual([[...invited].sort(), [...invited].sort()]);
  expect(readers.map(({ ended }) => ended)).toEqual([false, false]);
  expect(ids(readers[1] ?? { events: [] })).toEqual(ids(readers[0] ?? { events: [] }));
});

it('a Redis that comes back empty is filled from the replicas’ memory, and no event is lost', async () => {
  await redis[Symbol.asyncDispose]();
  redis = await RedisServer.start({ persistent: false });
  const replicas = [await replica(), await replica()];
  const old = await invite('old');
  const readers = replicas.map((watcher) => list(watcher));
  await caughtUp(...readers);
  const first = await invite('first');
  await expect.poll(() => readers.map((reader) => ids(reader))).toEqual([[first], [first]]);
  await redis.stop('SIGKILL');
  await aws.session().write('CancelHandshake', { HandshakeId: old });
  await redis.start();
  await expect.poll(() => readers.map((reader) => ids(reader, 'CHANGED')), { timeout: 10_000 }).toEqual([[old], [old]]);
  expect(readers.map(({ ended }) => ended)).toEqual([false, false]);
  const late = list(await replica());
  await caughtUp(late);
  expect(ids(late, 'SNAPSHOT').sort()).toEqual([old, first].sort());
});

it('a Redis that comes back with an older state ends subscriptions with REWOUND, and they resume with a new snapshot', async () => {
  const [one, two] = [await replica(), await replica()];
  const readers = [list(one), list(two)];
  await caughtUp(...readers);
  const kept = await invite('kept');
  await expect.poll(() => readers.map((reader) => ids(reader))).toEqual([[kept], [kept]]);
  const client = new Redis(redis.url);
  const keys = (await client.keys('orgql:*')).filter((key) => !key.endsWith(':lease'));
  const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  const lost = await invite('lost');
  await expect
    .poll(() => readers.map((reader) => ids(reader)))
    .toEqual([
      [kept, lost],
      [kept, lost],
    ]);
  const cursor = readers[0]?.cursor;
  const restore = client.multi();
  keys.forEach((key, at) => {
    restore.restore(key, 0, dumps[at] ?? '', 'REPLACE');
  });
  await restore.exec();
  client.disconnect();
  const next = await invite('next');
  await expect.poll(() => readers.map(({ ended }) => ended), { timeout: 10_000 }).toEqual([true, true]);
  for (const { error } of readers) expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE', reason: 'REWOUND' });
  // Another event may have its sequence number by now, so the cursor must not resume.
  const back = list(two, cursor);
  await caughtUp(back);
  expect(ids(back, 'SNAPSHOT').sort()).toEqual([kept, lost, next].sort());
  expect(back.events.at(-1)).toMatchObject({ type: 'BOOKMARK', reset: true });
});

it('when Redis is unreachable for longer than redis.toleranceMs, subscriptions end with a cursor to resume from', async () => {
  const watcher = await replica({}, { toleranceMs: 300 });
  const reader = list(watcher);
  await caughtUp(reader);
  const { cursor } = reader;
  await redis.stop();
  await expect.poll(() => reader.ended, { timeout: 10_000 }).toBe(true);
  expect(reader.error).toMatchObject({
    code: 'LOG_UNAVAILABLE',
    extensions: { reason: 'UNREACHABLE', retryable: true, cursor },
  });
  expect(watcher.activePollers).toBe(0);
  const early = list(watcher);
  await expect.poll(() => early.ended, { timeout: 10_000 }).toBe(true);
  expect(early.error).toMatchObject({ code: 'LOG_UNAVAILABLE' });
  await redis.start();
  const missed = await invite('meanwhile');
  // Retries like a client after a retryable error.
  let back = list(watcher, cursor);
  const receivedIds = () => {
    if (back.ended) back = list(watcher, cursor);
    return ids(back);
  };
  await expect.poll(receivedIds, { timeout: 10_000 }).toEqual([missed]);
});

it('a log with subscribers stays in Redis even if nothing changes', async () => {
  await invite('one');
  const reader = list(await replica());
  await caughtUp(reader);
  const client = new Redis(redis.url);
  try {
    const keys = await client.keys('*organizationHandshakes}:*');
    const kept = keys.filter((key) => !/:(lease|batches)$/.test(key));
    expect(kept.map((key) => key.split(':').at(-1)).sort()).toEqual(['head', 'objects']);
    for (const key of kept) await client.pexpire(key, 60_000);
    const days = async (key: string) => Math.ceil((await client.pttl(key)) / 86_400_000);
    await expect.poll(() => Promise.all(kept.map(days))).toEqual([7, 7]);
  } finally {
    client.disconnect();
  }
});
