import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createSharedState } from '../../src/redis/index.ts';
import { LogReplica } from '../../src/redis/log-replica.ts';
import { logKeys, renewLease } from '../../src/redis/stored-log.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import type { JournalStore } from '../../src/watcher/index.ts';
import { principalOf } from '../watcher/support/index.ts';
import { type Account, account, batchOf, ListReader, recordsOf } from '../watcher/support/large-list.ts';
import { RedisServer } from './redis-server.ts';

const partner = principalOf('partner');
const accounts = (count: number, name?: string) => Array.from({ length: count }, (_, n) => account(n, name));

let server: RedisServer;
let admin: Redis;
const stores: JournalStore[] = [];

beforeEach(async () => {
  server = await RedisServer.start({ persistent: false });
  admin = new Redis(server.url);
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  admin.disconnect();
  await server[Symbol.asyncDispose]();
});

/** Opens the log of a list in one more process. */
async function openLog() {
  const redis = { url: server.url, leaseMs: 30_000, toleranceMs: 60_000 };
  const config = configSchema.parse({ redis });
  if (config.redis === undefined) throw new Error('no redis');
  const { journals } = await createSharedState(config.redis, config, pino({ level: 'silent' }));
  stores.push(journals);
  const reader = new ListReader();
  const journal = journals.open<Account>(partner, 'accounts', reader);
  journal.start();
  return { journal, reader };
}

const objectsOf = ({ state }: ListReader) =>
  new Map(Array.from(state.objects ?? [], ([id, { object }]) => [id, object] as const));

const within = { timeout: 30_000 };

/** The recorded commands with their time in µs, and the number of their arguments; Redis records the first 31. */
async function recordedCommands() {
  const recorded = (await admin.slowlog('GET', 10_000)) as [number, number, number, string[]][];
  return recorded.map(([, , micros, args]) => {
    const more = /^\.\.\. \((\d+) more arguments\)$/.exec(args.at(-1) ?? '');
    return { name: args[0] ?? '', micros, size: args.length + Number(more?.[1] ?? 0) };
  });
}

it('65,000 objects are stored and read by many short commands, and a takeover finds all', async () => {
  await admin.config('SET', 'slowlog-max-len', '10000');
  await admin.config('SET', 'slowlog-log-slower-than', '0');
  const leader = await openLog();
  await leader.reader.leading;
  const follower = await openLog();
  const all = accounts(65_000);
  leader.journal.commit(batchOf(all, { read: 1, progress: 'page 1' }));
  await expect.poll(() => leader.reader.state.objects?.size, within).toBe(65_000);
  await expect.poll(() => follower.reader.state.objects?.size, within).toBe(65_000);

  const changed = Array.from({ length: 20 }, (_, n) => account(300 + n, 'renamed'));
  const records = recordsOf(changed, { ...leader.reader.last, epoch: leader.reader.epoch });
  const before = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
  leader.journal.commit(batchOf(changed, { records, progress: 'page 2', asOf: 7 as WallMs }));
  await expect.poll(() => follower.reader.last.sequence, within).toBe(20);
  expect(follower.reader.calls.at(-1)).toBe('committed 20');
  expect(Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]) - before).toBeLessThan(1_000_000);

  leader.journal.stop();
  await follower.reader.leading;
  const late = await openLog();
  await expect.poll(() => late.reader.calls, within).toEqual(['restored']);
  const expected = new Map([...all, ...changed].map((object) => [object.Id, object]));
  for (const { reader } of [follower, late]) {
    expect(reader.last).toEqual({ ...leader.reader.last });
    expect(objectsOf(reader)).toEqual(expected);
    expect(reader.state).toMatchObject({ progress: 'page 2', asOf: 7 });
  }
  const commands = await recordedCommands();
  expect(Math.max(...commands.map(({ size }) => size))).toBeLessThan(2_100);
  expect(commands.map(({ name }) => name)).not.toContain('hgetall');
  // Compared with each other, because the tests may run on a busy machine.
  const total = commands.reduce((sum, { micros }) => sum + micros, 0);
  expect(Math.max(...commands.map(({ micros }) => micros))).toBeLessThan(total / 10);
});

describe('a leader that dies while it stores a long batch', () => {
  const keys = logKeys('orgql:', 'accounts');
  const pubSub = { channel: 'bell', encode: () => '' };

  /** The log of a process that dies before one of its commands. */
  function replica(
    reader: ListReader,
    redis: Pick<Redis, 'eval'>,
    onUnreachable = (error: unknown): void => {
      throw error;
    },
  ) {
    return new LogReplica<Account>(reader, {
      ...{ log: 'accounts', keys, keepEvents: 10_000, redis: redis as Redis, pubSub: pubSub as never },
      onLost: () => expect.fail('lost'),
      onUnreachable,
    });
  }

  async function lead(term: string, redis: Redis) {
    await admin.set(keys.lease, term);
    const reader = new ListReader();
    const log = replica(reader, redis);
    await log.catchUp(await renewLease(admin, keys, term, 60_000, true));
    log.startTerm(term);
    return { reader, log };
  }

  it('leaves the log from before it or after it, and the next leader continues', async () => {
    const before = accounts(10);
    const after = [...accounts(5, 'renamed'), ...Array.from({ length: 2_500 }, (_, n) => account(100 + n))];
    const states: string[] = [];
    for (let commands = 0; ; commands += 1) {
      await admin.flushall();
      const first = await lead('first', admin);
      first.log.add(batchOf(before, { read: 1, progress: 'before' }), 'first');
      await first.log.drain();

      let left = commands;
      const dying = new Proxy(admin, {
        get(redis, name) {
          const value: unknown = Reflect.get(redis, name);
          if (name !== 'eval') return typeof value === 'function' ? value.bind(redis) : value;
          left -= 1;
          return left < 0 ? () => Promise.reject(new Error('died')) : redis.eval.bind(redis);
        },
      });
      const reader = new ListReader();
      let isDead = false;
      const second = replica(reader, dying, () => {
        isDead = true;
      });
      await admin.set(keys.lease, 'second');
      left += 10;
      await second.catchUp(await renewLease(admin, keys, 'second', 60_000, true));
      left = commands;
      second.startTerm('second');
      const records = recordsOf(after, reader.last);
      second.add(batchOf(after, { records, read: 2, progress: 'after' }), 'second');
      await second.drain();

      const third = await lead('third', admin);
      const { progress, objects } = third.reader.state;
      states.push(`${progress}: ${objects?.size} objects, ${third.reader.last.sequence} events`);
      third.log.add(
        batchOf([account(9, 'last')], { records: recordsOf([account(9, 'last')], third.reader.last) }),
        'third',
      );
      await third.log.drain();
      const late = await lead('late', admin);
      expect(objectsOf(late.reader)).toEqual(objectsOf(third.reader));
      expect(late.reader.last).toEqual(third.reader.last);
      expect(await admin.hlen(keys.objects)).toBe(objectsOf(late.reader).size);
      if (!isDead) break;
    }
    const olds = states.filter((state) => state === 'before: 10 objects, 0 events').length;
    expect(olds).toBe(6);
    expect(states.slice(olds)).toEqual(Array(states.length - olds).fill('after: 2510 objects, 2505 events'));
    expect(states.length - olds).toBeGreaterThan(5);
  });
});
