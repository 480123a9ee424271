import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createSharedState } from '../../src/redis/index.ts';
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
  const redis = { url: server.url, leaseMs: 1_000, toleranceMs: 20_000 };
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

// The system may suspend redis-server for longer than a command takes.
it('65,000 objects block Redis no longer than 20 ms at a time, and a takeover finds all', { retry: 2 }, async () => {
  await admin.config('SET', 'slowlog-log-slower-than', '20000');
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
  expect(await admin.slowlog('GET')).toEqual([]);
});
