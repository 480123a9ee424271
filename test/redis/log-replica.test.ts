import { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { LogReplica } from '../../src/redis/log-replica.ts';
import { logKeys, markRead, renewLease } from '../../src/redis/stored-log.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import type { Batch, JournalReader, LogOffset, LogRecord, LogSnapshot } from '../../src/watcher/index.ts';
import { RedisServer } from './redis-server.ts';

type TestObject = { readonly id: string };

/** Records the calls of a log replica. */
class Reader implements Pick<JournalReader<TestObject>, 'onRestored' | 'onCommitted' | 'last' | 'state'> {
  readonly received: string[] = [];
  readonly state = { objects: undefined };
  last: LogOffset = { epoch: 'none', sequence: 0 };

  onRestored({ records }: LogSnapshot<TestObject>): void {
    this.received.push(`restored ${records.map(({ sequence }) => sequence).join(' ')}`);
    this.last = records.at(-1) ?? this.last;
  }

  onCommitted({ records }: Batch<TestObject>): void {
    for (const record of records) this.received.push(`committed ${record.sequence}`);
    this.last = records.at(-1) ?? this.last;
  }
}

const batch = (sequence: number): Batch<TestObject> => {
  const id = `object ${sequence}`;
  const record: LogRecord<TestObject> = {
    ...{ epoch: 'one', sequence, at: 0 as WallMs },
    ...{ type: 'ADDED', id, previousState: null, object: { id } },
  };
  const at = 0 as WallMs;
  return { records: [record], patch: new Map([[id, { object: { id }, observedAt: at }]]), read: sequence, at };
};

/** Creates a log in Redis whose lease the term `leader` holds. The caller disconnects `redis`. */
async function lead(server: RedisServer, keepEvents: number) {
  const redis = new Redis(server.url);
  const log = 'log';
  const keys = logKeys('orgql:', log);
  const pubSub = { channel: 'bell', encode: () => '' };
  const replicaFor = (reader: Reader) =>
    new LogReplica(reader as unknown as JournalReader<TestObject>, {
      ...{ log, keys, keepEvents, redis },
      pubSub: pubSub as never,
      onLost: () => expect.fail('lost'),
      onUnreachable: (error) => expect.fail(String(error)),
    });
  const status = () => renewLease(redis, keys, 'leader', 60_000, true);
  await status();
  return { redis, keys, replicaFor, status };
}

it('a replica notices that the log has become shorter than what it has received, also while it reads the log', async () => {
  await using server = await RedisServer.start();
  const { redis, keys, replicaFor, status } = await lead(server, 10);
  try {
    const leader = replicaFor(new Reader());
    const add = async (sequence: number) => {
      leader.add(batch(sequence), 'leader');
      await leader.drain();
    };
    leader.startTerm('leader');
    await add(1);
    const parts = [keys.head, keys.objects, keys.events, keys.batches];
    const dumps = await Promise.all(parts.map((key) => redis.dumpBuffer(key)));
    await add(2);

    const reader = new Reader();
    const follower = replicaFor(reader);
    expect(await follower.catchUp(await status())).toBe(false);
    await add(3);
    const before = await status();
    await Promise.all(parts.map((key, at) => redis.restore(key, 0, dumps[at] ?? '', 'REPLACE')));
    expect(await follower.catchUp(before)).toBe(true);
    expect(await follower.catchUp(await status())).toBe(false);
    expect(reader.received).toEqual(['restored 1 2', 'restored 1']);

    // A leader that has not noticed must not mark the shorter log as read.
    const mark = {
      term: 'leader',
      revision: leader.revision,
      readAt: 1 as WallMs,
      channel: 'bell',
      text: '',
    };
    expect(await markRead(redis, keys, mark)).toBe('lost');
    expect(await markRead(redis, keys, { ...mark, revision: 1 })).toBe('done');
  } finally {
    redis.disconnect();
  }
});

it('a long log is read in several pages, completely and in order', async () => {
  await using server = await RedisServer.start({ persistent: false });
  const { redis, replicaFor, status } = await lead(server, 2_000);
  try {
    const leader = replicaFor(new Reader());
    leader.startTerm('leader');
    leader.add(batch(1), 'leader');
    await leader.drain();
    const early = new Reader();
    const follower = replicaFor(early);
    await follower.catchUp(await status());
    const numbers = Array.from({ length: 1_250 }, (_, at) => at + 1);
    const near = 200;
    const addAll = async (from: number, to: number) => {
      for (const number of numbers.slice(from, to)) leader.add(batch(number), 'leader');
      await leader.drain();
    };
    const answers = vi.spyOn(redis, 'xrange');
    await addAll(1, near);
    await follower.catchUp(await status());
    const committed = numbers.slice(1, near).map((number) => `committed ${number}`);
    expect(early.received).toEqual(['restored 1', ...committed]);

    // A replica that is far behind reads the whole log, like a new one.
    await addAll(near, numbers.length);
    const late = new Reader();
    await replicaFor(late).catchUp(await status());
    await follower.catchUp(await status());
    expect(late.received).toEqual([`restored ${numbers.join(' ')}`]);
    expect(early.received).toEqual(['restored 1', ...committed, `restored ${numbers.join(' ')}`]);
    const lengths = await Promise.all(answers.mock.results.map(async ({ value }) => (await value).length));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(200);
  } finally {
    redis.disconnect();
  }
});
