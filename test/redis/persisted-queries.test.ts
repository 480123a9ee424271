import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { RedisPersistedQueries } from '../../src/redis/persisted-queries.ts';
import { post } from '../support/http.ts';
import { RedisServer } from './redis-server.ts';

let server: RedisServer;
let client: Redis;
const gateways: Gateway[] = [];

beforeEach(async () => {
  server = await RedisServer.start();
  client = new Redis(server.url);
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  client.disconnect();
  await server[Symbol.asyncDispose]();
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('gateways that share Redis', () => {
  const start = async () => {
    const config = configSchema.parse({
      // AWS is not called.
      ...demoSettings('http://127.0.0.1:1'),
      port: 0,
      redis: { url: server.url },
      persistedQueries: { store: 'redis' },
    });
    const gateway = await createGateway(config, { log: pino({ level: 'silent' }) });
    gateways.push(gateway);
    await expect.poll(async () => (await fetch(new URL('/ready', gateway.url))).status).not.toBe(0);
    return async (query: string, hash = sha256('{ __typename }')) => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
      const { body } = await post(gateway.url, { query, extensions });
      return body.errors?.[0]?.extensions.code ?? body.data;
    };
  };
  const answer = { __typename: 'Query' };

  it('run a document by its hash that a client sent to another gateway, also after a restart', async () => {
    const [one, two] = [await start(), await start()];
    expect(await two('')).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await one('{ __typename }')).toEqual(answer);
    await expect.poll(() => two('')).toEqual(answer);
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
    const three = await start();
    await expect.poll(() => three('')).toEqual(answer);
  });

  it('run no document that another client of Redis has stored under its hash', async () => {
    const one = await start();
    expect(await one('{ __typename }')).toEqual(answer);
    await expect.poll(() => one('')).toEqual(answer);
    await client.hset('orgql:{persisted}:texts', sha256('{ __typename }'), '{ organization { id } }');
    expect(await one('')).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('ask the client for the document while Redis hangs', async () => {
    const one = await start();
    expect(await one('{ __typename }')).toEqual(answer);
    await expect.poll(() => one('')).toEqual(answer);
    server.hang();
    expect(await one('')).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await one('{ __typename }')).toEqual(answer);
    server.goOn();
    await expect.poll(() => one(''), { timeout: 10_000 }).toEqual(answer);
  });
});

describe('persisted queries in Redis', () => {
  const create = (settings: ConfigInput['persistedQueries']) => {
    const { persistedQueries } = configSchema.parse({ persistedQueries: settings });
    if (persistedQueries === undefined) throw new Error('off');
    // A long timeout: a busy machine must not open the circuit breaker.
    return new RedisPersistedQueries(client, 'test:', persistedQueries, 10_000);
  };
  const documents = (prefix: string, count: number, length = 10) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index} `.padEnd(length, '#'));
  const foundOf = async (store: RedisPersistedQueries, texts: readonly string[]) => {
    const found: string[] = [];
    for (const text of texts) if ((await store.find(sha256(text))) === text) found.push(text.trim());
    return found;
  };
  /** Redis executes the commands of one connection in order. */
  const addAll = async (store: RedisPersistedQueries, owner: string, texts: readonly string[]) => {
    for (const text of texts) {
      store.add(owner, sha256(text), text);
      // The time of the last use is in whole milliseconds.
      const before = Number((await client.time())[1]);
      while (Math.floor(Number((await client.time())[1]) / 1000) === Math.floor(before / 1000));
    }
    await client.ping();
  };
  const bytes = async () => Number(await client.hget('test:{persisted}:entries', 'bytes'));

  it('are evicted, the least recently used first, when their caller adds too many', async () => {
    const store = create({ perCaller: { maxDocuments: 3 } });
    await addAll(store, 'alice', ['a', 'b', 'c']);
    await foundOf(store, ['a']);
    await addAll(store, 'alice', ['d']);
    expect(await foundOf(store, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  });

  it('of one caller are not evicted by another that adds many or large ones', async () => {
    const store = create({ maxDocuments: 30, maxBytes: 100_000 });
    const own = documents('a', 10);
    await addAll(store, 'alice', own);
    await addAll(store, 'mallory', [...documents('m', 60), ...documents('l', 20, 20_000)]);
    expect(await foundOf(store, own)).toHaveLength(10);
    expect(await client.hlen('test:{persisted}:texts')).toBeLessThanOrEqual(30);
    expect(await bytes()).toBeLessThanOrEqual(100_000);
  });

  it('are evicted when a caller adds too many bytes, and a document above the limit is not stored', async () => {
    const store = create({ perCaller: { maxBytes: 12_000 } });
    const own = documents('a', 4, 3_000);
    await addAll(store, 'alice', [...own, 'x'.repeat(20_000)]);
    expect(await foundOf(store, own)).toHaveLength(2);
    expect(await foundOf(store, ['x'.repeat(20_000)])).toEqual([]);
  });

  it('expire when they are unused for ttlMs, and leave no keys', async () => {
    const store = create({ ttlMs: 300 });
    await addAll(store, 'alice', ['a', 'b']);
    expect(await foundOf(store, ['a', 'b'])).toEqual(['a', 'b']);
    await expect.poll(() => client.keys('test:*')).toEqual([]);
    expect(await foundOf(store, ['a'])).toEqual([]);
  });

  it('expire one by one while others are used', async () => {
    const store = create({ ttlMs: 500 });
    await addAll(store, 'alice', ['a', 'b']);
    await expect
      .poll(async () => {
        await foundOf(store, ['b']);
        await addAll(store, 'bob', ['c']);
        return (await client.hkeys('test:{persisted}:texts')).sort();
      })
      .toEqual([sha256('b'), sha256('c')].sort());
    expect(await bytes()).toBe(2 * (1 + 1_024));
  });

  it.each(['texts', 'entries', 'uses', 'owned', 'owners'])(
    'start anew when a Redis that is full has evicted their %s',
    async (key) => {
      const store = create({});
      await addAll(store, 'alice', ['a', 'b']);
      await client.del(`test:{persisted}:${key}`);
      expect(await foundOf(store, ['a', 'b'])).toEqual([]);
      await addAll(store, 'alice', ['b']);
      expect(await foundOf(store, ['a', 'b'])).toEqual(['b']);
      expect(await bytes()).toBe(1 + 1_024);
    },
  );
});
