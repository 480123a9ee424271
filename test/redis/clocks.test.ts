import { Redis } from 'ioredis';
import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, later, systemClock } from '../../src/upstream/index.ts';
import type { WatchEvent, Watcher } from '../../src/watcher/index.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { Reader } from '../watcher/support/reader.ts';
import { RedisServer } from './redis-server.ts';
import { startReplica } from './replica.ts';

const leaseMs = 600;
const hour = 3_600_000;

let redis: RedisServer;
let admin: Redis;
let aws: UpstreamWorld;
const watchers: Watcher[] = [];

beforeEach(async () => {
  redis = await RedisServer.start({ persistent: false });
  admin = new Redis(redis.url);
  aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await Promise.all(watchers.splice(0).map((watcher) => watcher.close()));
  admin.disconnect();
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function replica(clock?: Clock, log?: Logger): Promise<Watcher> {
  const { watcher } = await startReplica(aws.upstream, {
    redis: { url: redis.url, leaseMs, toleranceMs: 20_000 },
    ...(clock && { clock }),
    ...(log && { log }),
  });
  watchers.push(watcher);
  return watcher;
}

async function list(watcher: Watcher) {
  const reader = new Reader(watcher.watch(aws.principal('partner'), 'organizationHandshakes'));
  await expect.poll(() => reader.types.includes('BOOKMARK'), { timeout: 10_000 }).toBe(true);
  return reader;
}

const invite = (name: string) => inviteByEmail(aws, name);

const added = ({ events }: { events: readonly WatchEvent<{ Id?: string | undefined }>[] }) =>
  events.flatMap(({ type, object }) => (type === 'ADDED' ? [object?.Id] : []));

const leaders = () => watchers.map(({ activePollers }) => activePollers);

/** A clock whose wall clock a test steps, and whose timers it can stop from firing. */
class UnreliableClock implements Clock {
  stepMs = 0;
  isStuck = false;
  lateMs = 0;

  monotonicMs = () => later(systemClock.monotonicMs(), this.lateMs);
  wallMs = () => later(systemClock.wallMs(), this.stepMs);
  after = (ms: number, task: () => void) => systemClock.after(ms, () => (this.isStuck ? undefined : task()));

  /** Stops timers from firing, and advances both clocks by two minutes. */
  getStuck(): void {
    this.isStuck = true;
    this.lateMs += 120_000;
  }
}

describe.each([-8_000, -hour, hour])('when the wall clock of one replica of three steps by %d ms', (stepMs) => {
  it.each([
    ['polls', 0],
    ['follows', 1],
  ] as const)('that %s, all three send each event once and in one order', async (_does, which) => {
    const clock = new UnreliableClock();
    const readers: Awaited<ReturnType<typeof list>>[] = [];
    for (let n = 0; n < 3; n += 1) readers.push(await list(await replica(n === which ? clock : undefined)));
    expect(leaders()).toEqual([1, 0, 0]);
    const invited = [await invite('before')];
    await expect.poll(() => readers.map(added)).toEqual([invited, invited, invited]);
    clock.stepMs = stepMs;
    for (const name of ['one', 'two', 'three']) invited.push(await invite(name));
    await expect.poll(() => readers.map(added)).toEqual([invited, invited, invited]);

    // The new leader knows the last write.
    const [first] = watchers.splice(0, 1);
    await first?.close();
    invited.push(await invite('after'));
    const survivors = readers.slice(1);
    await expect.poll(() => survivors.map(added), { timeout: 10_000 }).toEqual([invited, invited]);
    expect(leaders().reduce((sum, polls) => sum + polls)).toBe(1);
    for (const { events } of readers) expect(events.filter(({ type }) => type === 'REMOVED')).toEqual([]);
  });
});

it('a replica that cannot poll gives its lease to another and logs it; no event is lost', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  const clock = new UnreliableClock();
  const first = await list(await replica(clock, log));
  const second = await list(await replica());
  const third = await list(await replica());
  expect(leaders()).toEqual([1, 0, 0]);
  // A read that was in flight may still settle.
  const overdue = () => {
    clock.getStuck();
    return watchers[0]?.overduePollers.map((poller) => poller.list);
  };
  await expect.poll(overdue).toEqual(['organizationHandshakes']);
  const invited = [await invite('one')];
  const stuckLeaders = () => {
    clock.getStuck();
    return leaders();
  };
  await expect
    .poll(stuckLeaders, { timeout: 10_000 })
    .toSatisfy(([one, two = 0, three = 0]: number[]) => one === 0 && two + three === 1);
  invited.push(await invite('two'));
  await expect
    .poll(() => [first, second, third].map((reader) => added(reader).sort()), { timeout: 10_000 })
    .toEqual([[...invited].sort(), [...invited].sort(), [...invited].sort()]);
  expect(watchers[0]?.overduePollers).toEqual([]);
  expect(lines.join('')).toContain('yields its lease');
});

it('a single replica that cannot poll takes its lease again after a while, and polls again', async () => {
  const clock = new UnreliableClock();
  const reader = await list(await replica(clock));
  const stuckLeaders = () => {
    clock.getStuck();
    return leaders();
  };
  await expect.poll(stuckLeaders, { timeout: 10_000 }).toEqual([0]);
  clock.isStuck = false;
  const invited = [await invite('one')];
  await expect.poll(() => added(reader), { timeout: 10_000 }).toEqual(invited);
});

it('a dead replica’s lease that a step back of Redis’s clock prolongs by an hour is taken over', async () => {
  const before = await list(await replica());
  await Promise.all(watchers.splice(0).map((watcher) => watcher.close()));
  const [lease = ''] = (await admin.keys('orgql:*organizationHandshakes*')).filter((key) => key.endsWith(':head'));
  await admin.set(lease.replace(/head$/, 'lease'), 'dead', 'PX', hour);
  const id = await invite('one');
  const back = new Reader(
    (await replica()).watch(aws.principal('partner'), 'organizationHandshakes', { after: before.cursor }),
  );
  await expect.poll(() => added(back), { timeout: 10_000 }).toEqual([id]);
});

it('a step back of Redis’s clock makes no call wait longer', async () => {
  const { shared, watcher } = await startReplica(aws.upstream, { redis: { url: redis.url } });
  watchers.push(watcher);
  const limit = { rate: 10, burst: 1 };
  await expect
    .poll(() =>
      shared.ping().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  expect(await shared.rate.take('111111111111', 'ListRoots', limit, 60_000)).toBe(0);
  // The stored time after a step back of Redis's clock by an hour.
  const [full = 0, noted = 0] = (await admin.get('orgql:rate:111111111111:ListRoots'))?.split(' ').map(Number) ?? [];
  await admin.set('orgql:rate:111111111111:ListRoots', `${full + hour} ${noted + hour}`);
  const wait = await shared.rate.take('111111111111', 'ListRoots', limit, 60_000);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(100);
});

it('invalid messages on the Pub/Sub channel end no subscription and delay no event', async () => {
  const reader = await list(await replica());
  const [channel = ''] = (await admin.pubsub('CHANNELS', 'orgql:*')) as string[];
  const senseless = [
    '',
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"from":"x"}',
    '{"from":"x","ring":null}',
    '{"from":"x","ring":{"kind":"look","log":7}}',
    '{"from":"x","ring":{"kind":"relay"}}',
    '{"from":"x","ring":{"kind":"relay","message":null}}',
    '{"from":"x","ring":{"kind":"relay","message":{"write":{}}}}',
    '{"from":"x","ring":{"kind":"relay","message":{"write":{"principal":"partner","effect":{"Handshake":{"Id":"h-1"},"home":"organizationHandshakes"}}}}}',
    '{"from":"x","ring":{"kind":"relay","message":{"hint":{}}}}',
    '{"from":"x","ring":{"kind":"wrote"}}',
    `{"from":"x","ring":{"kind":"relay","message":"${'x'.repeat(2_000_000)}"}}`,
  ];
  for (const message of senseless) await admin.publish(channel, message);
  const [log = ''] = (await admin.keys('orgql:*organizationHandshakes*:head')).map((key) => /\{(.*)\}/.exec(key)?.[1]);
  for (const kind of ['look', 'ask', 'answer'])
    for (const number of ['null', '{}', '1e999', '-1'])
      await admin.publish(channel, `{"from":"x","ring":{"kind":"${kind}","log":"${log}","number":${number},"to":[]}}`);
  const id = await invite('one');
  await expect.poll(() => added(reader)).toContain(id);
});

describe('without graph.cursorSecret, cursors', () => {
  const resume = async (watcher: Watcher, after: string | undefined) => {
    const reader = new Reader(watcher.watch(aws.principal('partner'), 'organizationHandshakes', { after }));
    await expect.poll(() => reader.ended || reader.types.includes('BOOKMARK'), { timeout: 10_000 }).toBe(true);
    return reader;
  };

  it('resume at a replica that starts after all others have stopped', async () => {
    const { cursor } = await list(await replica());
    await Promise.all(watchers.splice(0).map((watcher) => watcher.close()));
    const id = await invite('one');
    const back = await resume(await replica(), cursor);
    expect(back.events.map(({ reset }) => reset)).not.toContain(true);
    await expect.poll(() => added(back)).toEqual([id]);
  });

  it('that were modified are rejected', async () => {
    const watcher = await replica();
    const { cursor = '' } = await list(watcher);
    const changed = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`;
    const { error } = await resume(watcher, changed);
    expect(error).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('of a Redis that has lost their key get a new snapshot at a new replica, and resume at an old one', async () => {
    const old = await replica();
    const { cursor } = await list(old);
    await admin.flushall();
    const fresh = await replica();
    expect((await resume(fresh, cursor)).events.at(-1)).toMatchObject({ type: 'BOOKMARK', reset: true });
    const next = await list(fresh);
    // A cursor of the new key makes the old replica reload it.
    expect((await resume(old, next.cursor)).error).toBeUndefined();
    expect((await resume(old, cursor)).error).toBeUndefined();
  });
});
