import { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { LogReplica } from '../../src/redis/log-replica.ts';
import { beat, logKeys, markRead } from '../../src/redis/stored-log.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import type { Batch, JournalReader, LogOffset, LogRecord, LogSnapshot } from '../../src/watcher/index.ts';
import { RedisServer } from './redis-server.ts';

type Told = { readonly id: string };

/** Who is told of a log, and notes that. */
class Reader implements Pick<JournalReader<Told>, 'restored' | 'committed' | 'last' | 'objects'> {
  readonly heard: string[] = [];
  readonly objects = undefined;
  last: LogOffset = { epoch: 'none', sequence: 0 };

  restored({ records }: LogSnapshot<Told>): void {
    this.heard.push(`restored ${records.map(({ sequence }) => sequence).join(' ')}`);
    this.last = records.at(-1) ?? this.last;
  }

  committed({ records }: Batch<Told>): void {
    for (const record of records) this.heard.push(`committed ${record.sequence}`);
    this.last = records.at(-1) ?? this.last;
  }
}

const batch = (sequence: number): Batch<Told> => {
  const id = `object ${sequence}`;
  const record: LogRecord<Told> = {
    ...{ epoch: 'one', sequence, at: 0 as WallMs },
    ...{ type: 'ADDED', id, previousState: null, object: { id } },
  };
  const at = 0 as WallMs;
  return { records: [record], patch: new Map([[id, { object: { id }, observedAt: at }]]), read: sequence, at };
};

/** One log in Redis, whose lease `leader` has. `redis` has to be disconnected. */
async function lead(server: RedisServer, keepEvents: number) {
  const redis = new Redis(server.url);
  const log = 'log';
  const keys = logKeys('orgql:', log);
  const pubSub = { channel: 'bell', encode: () => '' };
  const replicaFor = (reader: Reader) =>
    new LogReplica(reader as unknown as JournalReader<Told>, {
      ...{ log, keys, keepEvents, redis },
      pubSub: pubSub as never,
      onLost: () => expect.fail('lost'),
      onAway: (error) => expect.fail(String(error)),
    });
  const standing = () => beat(redis, keys, 'leader', 60_000, true);
  await standing();
  return { redis, keys, replicaFor, standing };
}

it('a log that has become shorter than what was told of it is noticed, also when that happens while it is looked at', async () => {
  await using server = await RedisServer.start();
  const { redis, keys, replicaFor, standing } = await lead(server, 10);
  try {
    const leader = replicaFor(new Reader());
    const add = async (sequence: number) => {
      leader.add(batch(sequence), 'leader');
      await leader.drain();
    };
    leader.begin('leader');
    await add(1);
    const parts = [keys.head, keys.objects, keys.stream];
    const dumps = await Promise.all(parts.map((key) => redis.dumpBuffer(key)));
    await add(2);

    const reader = new Reader();
    const follower = replicaFor(reader);
    expect(await follower.catchUp(await standing())).toBe(false);
    await add(3);
    const before = await standing();
    await Promise.all(parts.map((key, at) => redis.restore(key, 0, dumps[at] ?? '', 'REPLACE')));
    expect(await follower.catchUp(before)).toBe(true);
    expect(await follower.catchUp(await standing())).toBe(false);
    expect(reader.heard).toEqual(['restored 1 2', 'restored 1']);

    // Whoever leads, and has not noticed, cannot say that what is there now is what it has read.
    const said = {
      term: 'leader',
      after: leader.revision,
      readAt: 1 as WallMs,
      ttlMs: 60_000,
      channel: 'bell',
      text: '',
    };
    expect(await markRead(redis, keys, said)).toBe(false);
    expect(await markRead(redis, keys, { ...said, after: 1 })).toBe(true);
  } finally {
    redis.disconnect();
  }
});

it('a log that is longer than one answer is read in several, whole and in order', async () => {
  await using server = await RedisServer.start({ persistent: false });
  const { redis, replicaFor, standing } = await lead(server, 2_000);
  try {
    const leader = replicaFor(new Reader());
    leader.begin('leader');
    leader.add(batch(1), 'leader');
    await leader.drain();
    const early = new Reader();
    const follower = replicaFor(early);
    await follower.catchUp(await standing());
    const last = 1_250;
    const numbers = Array.from({ length: last }, (_, at) => at + 1);
    for (const number of numbers.slice(1)) leader.add(batch(number), 'leader');
    await leader.drain();

    const answers = vi.spyOn(redis, 'xrange');
    const late = new Reader();
    await replicaFor(late).catchUp(await standing());
    expect(late.heard).toEqual([`restored ${numbers.join(' ')}`]);
    await follower.catchUp(await standing());
    expect(early.heard).toEqual(['restored 1', ...numbers.slice(1).map((number) => `committed ${number}`)]);
    const lengths = await Promise.all(answers.mock.results.map(async ({ value }) => (await value).length));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(500);
  } finally {
    redis.disconnect();
  }
});
