import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { Reader } from '../watcher/support/reader.ts';
import { RedisServer } from './redis-server.ts';
import { type Replica, startReplica } from './replica.ts';

interface LoggingReplica extends Replica {
  readonly logged: readonly { readonly msg: string; readonly reason?: string }[];
}

let redis: RedisServer;
let admin: Redis;
let aws: UpstreamWorld;
const replicas: LoggingReplica[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  admin = new Redis(redis.url);
  aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map(({ watcher }) => watcher.close()));
  admin.disconnect();
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function start(url = redis.url): Promise<LoggingReplica> {
  const logged: LoggingReplica['logged'][number][] = [];
  const log = pino({}, { write: (line) => logged.push(JSON.parse(line)) });
  const redis = { url, leaseMs: 300, toleranceMs: 500 };
  const replica = { logged, ...(await startReplica(aws.upstream, { redis, log })) };
  replicas.push(replica);
  return replica;
}

const list = ({ watcher }: Replica, after?: string) =>
  new Reader(watcher.watch(aws.principal('partner'), 'organizationHandshakes', { after }));

const invite = (name: string) => inviteByEmail(aws, name);

const added = ({ events }: ReturnType<typeof list>) =>
  events.flatMap(({ type, object }) => (type === 'ADDED' ? [object?.Id] : []));

describe.each([
  {
    what: 'is full',
    begin: () => admin.config('SET', 'maxmemory', '1'),
    end: () => admin.config('SET', 'maxmemory', '0'),
    error: /OOM/,
  },
  {
    what: 'has become a replica',
    begin: () => admin.replicaof('127.0.0.1', 1),
    end: () => admin.replicaof('NO', 'ONE'),
    error: /READONLY/,
  },
])('a Redis that $what', ({ begin, end, error }) => {
  it('is logged once; subscriptions end after redis.toleranceMs, and resume without a gap', async () => {
    const both = [await start(), await start()];
    const readers = both.map((replica) => list(replica));
    await expect.poll(() => readers.every(({ types }) => types.includes('BOOKMARK')), { timeout: 10_000 }).toBe(true);
    await Promise.all(both.map(({ shared }) => shared.ping()));

    await begin();
    await Promise.all(both.map(({ shared }) => expect(shared.ping()).rejects.toThrow(error)));
    const missed = await invite('meanwhile');
    await expect.poll(() => readers.map(({ ended }) => ended), { timeout: 10_000 }).toEqual([true, true]);
    for (const reader of readers) {
      expect(added(reader)).toEqual([]);
      expect(reader.error).toMatchObject({
        code: 'LOG_UNAVAILABLE',
        extensions: { retryable: true, cursor: reader.cursor },
      });
    }
    for (const { logged } of both) {
      expect(logged).toHaveLength(1);
      expect(logged[0]?.msg).toMatch(/^Redis is unreachable or rejects writes/);
      expect(logged[0]?.reason).toMatch(error);
      expect(JSON.stringify(logged)).not.toMatch(/example\.com|h-[0-9a-z]{8}/);
    }

    await end();
    const back = both.map((replica, at) => list(replica, readers[at]?.cursor));
    await expect.poll(() => back.map(added), { timeout: 10_000 }).toEqual([[missed], [missed]]);
    expect(back.flatMap(({ events }) => events).every(({ reset }) => !reset)).toBe(true);
    const then = () => both.map(({ logged }) => logged.map(({ msg }) => msg).slice(1));
    await expect.poll(then).toEqual([['Redis works again'], ['Redis works again']]);
  });
});

it('a Redis that accepts leases but no batches is logged as well', async () => {
  const replica = await start();
  const reader = list(replica);
  await expect.poll(() => reader.types.includes('BOOKMARK'), { timeout: 10_000 }).toBe(true);
  await admin.acl('SETUSER', 'default', '-xadd');
  const missed = await invite('meanwhile');
  await expect.poll(() => reader.ended, { timeout: 10_000 }).toBe(true);
  expect(reader.error).toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(added(reader)).toEqual([]);
  expect(replica.logged.map(({ reason }) => reason)).toEqual([expect.stringMatching(/NOPERM|can't run this command/)]);
  await admin.acl('SETUSER', 'default', '+xadd');
  const back = list(replica, reader.cursor);
  await expect.poll(() => added(back), { timeout: 10_000 }).toEqual([missed]);
  await expect.poll(() => replica.logged.map(({ msg }) => msg).slice(1)).toEqual(['Redis works again']);
});

it('a Redis that rejects the password is logged, without the password', async () => {
  const url = new URL(redis.url);
  url.username = 'default';
  url.password = 'a-password-that-must-stay-secret';
  await admin.acl('SETUSER', 'default', 'resetpass', '>another');
  const { logged, shared } = await start(url.href);
  await expect.poll(() => logged.map(({ reason }) => reason)).toEqual([expect.stringContaining('WRONGPASS')]);
  await expect(shared.ping()).rejects.toThrow();
  expect(JSON.stringify(logged)).not.toContain(url.password);
});
