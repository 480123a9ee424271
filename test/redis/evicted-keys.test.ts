import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Watcher } from '../../src/watcher/index.ts';
import { inviteByEmail } from '../support/invite.ts';
import { startUpstream, type UpstreamWorld } from '../support/upstream.ts';
import { Reader } from '../watcher/support/reader.ts';
import { RedisServer } from './redis-server.ts';
import { startReplica } from './replica.ts';

let redis: RedisServer;
let admin: Redis;
let aws: UpstreamWorld;
const watchers: Watcher[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
  admin = new Redis(redis.url);
  aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
});
afterEach(async () => {
  await leave();
  admin.disconnect();
  await aws[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const leave = () => Promise.all(watchers.splice(0).map((watcher) => watcher.close()));

async function replica(): Promise<Watcher> {
  const { watcher } = await startReplica(aws.upstream, {
    redis: { url: redis.url, leaseMs: 300, toleranceMs: 5_000 },
  });
  watchers.push(watcher);
  return watcher;
}

async function list(watcher: Watcher, after?: string) {
  const reader = new Reader(watcher.watch(aws.principal('partner'), 'organizationHandshakes', { after }));
  await expect.poll(() => reader.ended || reader.types.includes('BOOKMARK'), { timeout: 10_000 }).toBe(true);
  return reader;
}

const invite = (name: string) => inviteByEmail(aws, name);

const cancel = (id: string) => aws.session().write('CancelHandshake', { HandshakeId: id });

/** Type, id and state of all events except bookmarks. */
const changesOf = ({ events }: Awaited<ReturnType<typeof list>>) =>
  events.flatMap(({ type, object }) => (type === 'BOOKMARK' ? [] : [`${type} ${object?.Id} ${object?.State}`]));

async function evict(part: string): Promise<void> {
  const keys = await admin.keys(`orgql:*organizationHandshakes*:${part}`);
  expect(keys).toHaveLength(1);
  await admin.del(...keys);
}

// A full Redis may evict a single key of a log and leave the others.
describe.each(['head', 'objects', 'events', 'batches'])('a Redis that has evicted the %s of a log', (part) => {
  it('is filled from the replicas’ memory, and no event is lost or sent twice', async () => {
    const old = [await invite('one'), await invite('two'), await invite('three')];
    const readers = [await list(await replica()), await list(await replica())];
    const event = await invite('event');
    await expect
      .poll(() => readers.map((reader) => changesOf(reader).includes(`ADDED ${event} OPEN`)))
      .toEqual([true, true]);
    for (const reader of readers) reader.take();
    await evict(part);
    await cancel(old[0] ?? '');
    const added = await invite('four');
    const expected = [`CHANGED ${old[0]} CANCELED`, `ADDED ${added} OPEN`].sort();
    await expect
      .poll(() => readers.map((reader) => changesOf(reader).sort()), { timeout: 10_000 })
      .toEqual([expected, expected]);
    const late = await list(await replica());
    expect(changesOf(late).sort()).toEqual(
      [
        `SNAPSHOT ${old[0]} CANCELED`,
        `SNAPSHOT ${old[1]} OPEN`,
        `SNAPSHOT ${old[2]} OPEN`,
        `SNAPSHOT ${event} OPEN`,
        `SNAPSHOT ${added} OPEN`,
      ].sort(),
    );
    // The next leader publishes no change that was published before.
    const cursor = late.cursor;
    await leave();
    const next = await list(await replica(), cursor);
    await cancel(added);
    await expect.poll(() => changesOf(next), { timeout: 10_000 }).toEqual([`CHANGED ${added} CANCELED`]);
  });

  it('while no gateway ran sends a resuming subscriber the current state', async () => {
    const old = [await invite('one'), await invite('two')];
    const first = await list(await replica());
    const added = await invite('three');
    await expect.poll(() => changesOf(first)).toContain(`ADDED ${added} OPEN`);
    const { cursor } = first;
    await leave();
    await evict(part);
    await cancel(old[0] ?? '');
    const back = await list(await replica(), cursor);
    const reset = back.events.some(({ reset }) => reset);
    expect(changesOf(back).sort()).toEqual(
      reset
        ? [`SNAPSHOT ${old[0]} CANCELED`, `SNAPSHOT ${old[1]} OPEN`, `SNAPSHOT ${added} OPEN`].sort()
        : [`CHANGED ${old[0]} CANCELED`],
    );
  });
});
