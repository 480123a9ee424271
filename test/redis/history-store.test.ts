import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { historyName, RedisHistory } from '../../src/redis/redis-history.ts';
import { dayMs } from '../../src/watcher/history/history-types.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { Appender, changeOf, describeHistoryStore, retentionMs } from '../watcher/support/history-stores.ts';
import { start } from '../watcher/support/index.ts';
import { RedisServer } from './redis-server.ts';

let server: RedisServer;
let redis: Redis;
let histories = 0;

beforeAll(async () => {
  server = await RedisServer.start({ persistent: false });
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});

const noon = Math.floor(start / dayMs) * dayMs + dayMs / 2;

const create = () => {
  const clock = new ManualClock(noon);
  histories += 1;
  const name = historyName(`partner/history-${histories}`);
  return { clock, name, open: () => new RedisHistory(name, { redis, prefix: 'test:', retentionMs, clock }) };
};

describeHistoryStore('in Redis', async () => {
  const { clock, open } = create();
  return { clock, open, isKept: true, [Symbol.asyncDispose]: async () => undefined };
});

it('deletes expired changes with later ones, and all keys when there are none', async () => {
  const { clock, name, open } = create();
  const store = open();
  const appender = new Appender(store);
  for (let number = 0; number < 2_000; number += 100)
    await appender.append(...Array.from({ length: 100 }, (_, more) => changeOf(noon, `object ${number + more}`)));
  const size = () => redis.xlen(`test:{${name}}:entries`);
  expect(await size()).toBe(2_000);
  await clock.advance(retentionMs + dayMs);
  await appender.append(changeOf(clock.wallMs(), 'young'));
  // Redis deletes whole nodes of a stream, which have up to 100 entries.
  expect(await size()).toBeLessThanOrEqual(101);
  const keys = await redis.keys(`test:{${name}}:*`);
  const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
  expect(Math.min(...ttls)).toBeGreaterThan(0);
  expect(Math.max(...ttls)).toBeLessThanOrEqual(retentionMs + dayMs);
});

it('stores a batch of two replicas that both write once', async () => {
  const { clock, open } = create();
  const [one, other] = [open(), open()];
  const changes = [changeOf(clock.wallMs(), 'a')];
  const batch = { list: 'accounts', before: undefined, after: { epoch: 'e', sequence: 1 }, changes };
  expect(await Promise.all([one.append(batch), other.append(batch)])).toEqual([true, true]);
  const next = { ...batch, before: batch.after };
  const stored = await Promise.all([
    one.append({ ...next, after: { epoch: 'e', sequence: 2 } }),
    other.append({ ...next, after: { epoch: 'f', sequence: 2 } }),
  ]);
  expect(stored.sort()).toEqual([false, true]);
  expect(await one.read({ limit: 10 })).toHaveLength(2);
});
