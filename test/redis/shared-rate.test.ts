import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createSharedState, type SharedState } from '../../src/redis/index.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { startUpstream } from '../support/upstream.ts';
import { RedisServer } from './redis-server.ts';

let redis: RedisServer;
const replicas: SharedState[] = [];

beforeEach(async () => {
  redis = await RedisServer.start();
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map(({ journals }) => journals.close()));
  await redis[Symbol.asyncDispose]();
});

const replica = async () => {
  const config = configSchema.parse({ redis: { url: redis.url } });
  if (config.redis === undefined) throw new Error('no redis');
  const shared = await createSharedState(config.redis, config, pino({ level: 'silent' }));
  replicas.push(shared);
  // The wait shows that the replica is connected. Before, it uses its own bucket only.
  await expect.poll(() => shared.rate.take('warm-up', 'ListRoots', { rate: 0.001, burst: 1 }, 0)).not.toBe(0);
  return shared.rate;
};

it('replicas share one rate limit: a burst, then one call after the other, from whichever replica', async () => {
  const rates = [await replica(), await replica(), await replica()];
  const limit = { rate: 10, burst: 5 };
  const startedAt = Date.now();
  const waits = await Promise.all(
    Array.from({ length: 30 }, (_, n) => rates[n % 3]?.take('111111111111', 'ListRoots', limit, 60_000)),
  );
  const took = Date.now() - startedAt;
  const sorted = waits.map(Number).sort((a, b) => a - b);
  expect(sorted.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  sorted.slice(5).forEach((wait, n) => {
    expect(wait).toBeGreaterThanOrEqual((n + 1) * 100 - took);
    expect(wait).toBeLessThanOrEqual((n + 1) * 100 + 1);
  });
  // Another account, or another operation, has a bucket of its own.
  expect(await rates[0]?.take('444444444444', 'ListRoots', limit, 0)).toBe(0);
  expect(await rates[1]?.take('111111111111', 'ListAccounts', limit, 0)).toBe(0);
});

it('a call that cannot wait long enough takes no token', async () => {
  const rate = await replica();
  const limit = { rate: 0.1, burst: 1 };
  expect(await rate.take('111111111111', 'ListRoots', limit, 0)).toBe(0);
  for (let n = 0; n < 3; n += 1) {
    const refused = await rate.take('111111111111', 'ListRoots', limit, 1_000);
    expect(refused).toBeLessThan(-8_000);
    expect(refused).toBeGreaterThanOrEqual(-10_000);
  }
});

it('while Redis is unreachable each replica uses its own bucket, and calls continue', async () => {
  const rate = await replica();
  await redis.stop();
  expect(await rate.take('111111111111', 'ListRoots', { rate: 0.1, burst: 1 }, 0)).toBe(0);
  expect(await rate.take('111111111111', 'ListRoots', { rate: 0.1, burst: 1 }, 0)).toBe(0);
});

it('a Redis that hangs delays calls only briefly, and is used again once it responds', async () => {
  const rate = await replica();
  const limit = { rate: 0.001, burst: 1 };
  redis.hang();
  for (let n = 0; n < 20; n += 1) expect(await rate.take('111111111111', 'ListRoots', limit, 0)).toBe(0);
  redis.goOn();
  await expect.poll(() => rate.take('111111111111', 'ListRoots', limit, 0), { timeout: 5_000 }).toBeLessThan(0);
});

it('the calls of two gateways wait for each other’s tokens', async () => {
  await using aws = await startUpstream();
  await aws.session().write('CreateOrganization', { FeatureSet: 'ALL' });
  const { upstream: settings } = configSchema.parse({ upstream: { limits: { ListRoots: { rate: 20, burst: 1 } } } });
  const upstreams = await Promise.all(
    [1, 2].map(async () => createUpstream(settings, { sharedRate: await replica() })),
  );
  const startedAt = Date.now();
  const costs = await Promise.all(
    upstreams.map(async (upstream) => {
      const session = upstream.session(aws.principal('partner'), { memoize: false, fresh: true });
      for (let n = 0; n < 8; n += 1) await session.read('ListRoots', {});
      return session.cost;
    }),
  );
  // Sixteen calls at twenty a second, of which the first need not wait.
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(750);
  for (const { calls, waitedMs } of costs) {
    expect(calls).toBe(8);
    expect(waitedMs).toBeGreaterThan(0);
  }
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});
