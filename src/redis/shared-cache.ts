import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import type { ReadName, Replicas, SharedCache, SharedCacheEntry, WriteName } from '../upstream/index.ts';
import { decode, encode } from '../watcher/codec.ts';
import { settleMs } from '../watcher/list-state.ts';
import { type CacheIdentity, CacheNamespace, KeyHasher } from './cache-namespace.ts';
import { CircuitBreaker, WRITE_TIMEOUT_MS, withTimeout } from './connection.ts';
import type { Message, PubSub } from './pub-sub.ts';

/**
 * The keys of a shared reply. `stamps` is a hash with a random stamp per operation, and one for all operations
 * (`everything`). A write replaces them, and a reply is valid only with the stamps from before its call.
 * `<operation>:until` is the time until which replies are not shared, in ms of the server's clock.
 */
interface CacheKeys {
  readonly stamps: string;
  readonly reply: string;
}

/** The braces put all keys of one principal into one slot of a cluster. */
const cacheKeys = (prefix: string, owner: string, reply: string): CacheKeys => ({
  stamps: `${prefix}cache:{${owner}}:stamps`,
  reply: `${prefix}cache:{${owner}}:${reply}`,
});

/** Unused stamps expire after this time, in ms. New stamps invalidate older replies. */
const STAMPS_TTL_MS = 3_600_000;

/**
 * Returns the stamp, and the reply with its remaining time to live. Redis expires keys by the server's clock: a reply
 * that lives longer than the maximum is from before a step back of that clock, and may be older than it seems.
 */
const findScript = `
local stamps = redis.call('HMGET', KEYS[1], 'everything', ARGV[1])
for i, field in ipairs({'everything', ARGV[1]}) do
  if not stamps[i] then
    stamps[i] = ARGV[2]
    redis.call('HSET', KEYS[1], field, ARGV[2])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local stamp = stamps[1] .. '.' .. stamps[2]
local stored = redis.call('GET', KEYS[2])
if stored and redis.call('PTTL', KEYS[2]) > tonumber(ARGV[4]) then
  redis.call('DEL', KEYS[2])
elseif stored and string.sub(stored, 1, #stamp + 1) == stamp .. ' ' then
  return {stamp, string.sub(stored, #stamp + 2), redis.call('PTTL', KEYS[2])}
end
return {stamp}`;

/** Stores a reply, unless a write may have changed it. */
const storeScript = `
local now = redis.call('HMGET', KEYS[1], 'everything', ARGV[1], 'everything:until', ARGV[1] .. ':until')
if not now[1] or not now[2] or now[1] .. '.' .. now[2] ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local ms = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
for i, field in ipairs({'everything:until', ARGV[1] .. ':until'}) do
  local ending = tonumber(now[i + 2] or '0')
  -- The server's clock was stepped back, so the remaining time is unknown.
  if ending > ms + tonumber(ARGV[5]) then
    ending = ms + tonumber(ARGV[5])
    redis.call('HSET', KEYS[1], field, string.format('%.0f', ending))
  end
  if ms < ending then return 0 end
end
redis.call('SET', KEYS[2], ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return 1`;

/** Invalidates the replies of these operations, and stores none for a while. */
const invalidateScript = `
local time = redis.call('TIME')
local ending = string.format('%.0f', tonumber(time[1]) * 1000 + tonumber(ARGV[2]))
for i = 4, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], ARGV[1], ARGV[i] .. ':until', ending) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

export interface RedisCacheOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly secret: string;
  /** Longer replies are not shared; in bytes. */
  readonly maxValueBytes: number;
  /** A reply is shared for at most this time, in ms. */
  readonly maxTtlMs: number;
  readonly principals: Config['principals'];
}

/** Reads wait for Redis at most this long, in ms. */
const READ_TIMEOUT_MS = 100;

const newStamp = (): string => randomBytes(9).toString('base64url');

interface StoredReply {
  readonly operation: ReadName;
  readonly stamp: string;
  /** Binds the encrypted text to its key and stamp. */
  readonly label: string;
  readonly output: object;
  readonly ttlMs: number;
}

type Operations = readonly ReadName[] | 'everything';

/**
 * Encrypted replies of AWS in Redis, for all processes in which a principal has the same settings and credentials. A
 * write invalidates the replies that it may have changed before it returns, and replies are not shared while AWS may
 * lag behind a write.
 */
export class RedisCache implements SharedCache {
  readonly #options: RedisCacheOptions;
  readonly #hasher: KeyHasher;
  readonly #namespaces = new WeakMap<Principal, CacheNamespace>();
  readonly #breaker: CircuitBreaker;

  constructor(options: RedisCacheOptions) {
    this.#options = options;
    this.#hasher = new KeyHasher(options.secret);
    this.#breaker = new CircuitBreaker(options.redis, READ_TIMEOUT_MS);
  }

  async find(principal: Principal, operation: ReadName, key: string): Promise<SharedCacheEntry | undefined> {
    const namespace = this.#namespace(principal);
    const { identity } = namespace;
    if (identity === undefined || !namespace.isSettled) return undefined;
    const { redis, prefix, maxTtlMs } = this.#options;
    const keys = cacheKeys(prefix, identity.name, this.#hasher.hash('answer', identity.name, key));
    const args = [operation, newStamp(), STAMPS_TTL_MS, maxTtlMs];
    const found = await this.#breaker.run(() => redis.eval(findScript, 2, keys.stamps, keys.reply, ...args));
    // This process may have begun a write meanwhile.
    if (found === undefined || !namespace.isSettled) return undefined;
    const [stamp, encrypted, leftMs = 0] = found as [string, string?, number?];
    const label = JSON.stringify([key, stamp]);
    const text = encrypted === undefined || leftMs <= 0 ? undefined : identity.encryptor.decrypt(encrypted, label);
    return {
      reply: text === undefined ? undefined : { output: decode(text) as object, leftMs },
      store: (output, ttlMs) => this.#store(identity, keys, { operation, stamp, label, output, ttlMs }),
      delete: () => void this.#breaker.run(() => redis.del(keys.reply)),
    };
  }

  /**
   * Invalidates the replies to these reads. Resolves after Redis has confirmed it, or after a timeout. Never rejects.
   */
  invalidate(principal: Principal, operations: Operations): Promise<void> {
    const { redis, prefix, maxTtlMs } = this.#options;
    const namespace = this.#namespace(principal);
    const invalidate = ({ name }: CacheIdentity) => {
      const changed = operations === 'everything' ? [operations] : operations;
      const { stamps } = cacheKeys(prefix, name, '');
      return redis.eval(invalidateScript, 1, stamps, newStamp(), settleMs, STAMPS_TTL_MS, ...changed);
    };
    const { identity } = namespace;
    // Sent at once if the identity is known, so that no later command of this process overtakes it.
    const record = () =>
      identity === undefined ? namespace.identify().then((known) => known && invalidate(known)) : invalidate(identity);
    return namespace.record(() => withTimeout(WRITE_TIMEOUT_MS, record()), maxTtlMs);
  }

  /** Whether the principal's identity is known, so that `invalidate` is sent at once. */
  isIdentified(principal: Principal): boolean {
    return this.#namespace(principal).identity !== undefined;
  }

  #namespace(principal: Principal): CacheNamespace {
    const { principals, secret } = this.#options;
    const settings = principals.find(({ name }) => name === principal.name);
    const namespace = this.#namespaces.get(principal) ?? new CacheNamespace(principal, settings, this.#hasher, secret);
    this.#namespaces.set(principal, namespace);
    return namespace;
  }

  #store(
    { encryptor }: CacheIdentity,
    { stamps, reply }: CacheKeys,
    { operation, stamp, label, output, ttlMs }: StoredReply,
  ): void {
    const { redis, maxValueBytes } = this.#options;
    const text = encode(output);
    if (Buffer.byteLength(text) > maxValueBytes || ttlMs < 1) return;
    const args = [operation, stamp, encryptor.encrypt(text, label), Math.floor(ttlMs), settleMs];
    void this.#breaker.run(() => redis.eval(storeScript, 2, stamps, reply, ...args));
  }
}

/** The replicas that share one Redis. A write of one invalidates the caches of the others, and the shared cache. */
export class RedisReplicas implements Replicas {
  readonly #pubSub: PubSub;
  readonly cache: RedisCache | undefined;

  constructor(pubSub: PubSub, cache: RedisCache | undefined) {
    this.#pubSub = pubSub;
    this.cache = cache;
  }

  async invalidate(principal: Principal, operation: WriteName, reads: Operations): Promise<void> {
    const message: Message = { kind: 'write', principal: principal.name, operation };
    const notify = () => withTimeout(WRITE_TIMEOUT_MS, this.#pubSub.publish(message));
    const isKnown = this.cache?.isIdentified(principal) ?? true;
    // In this order: a replica that receives the message must not find the old replies in the shared cache.
    await Promise.allSettled([this.cache?.invalidate(principal, reads), notify()]);
    if (!isKnown) await notify().catch(() => undefined);
  }

  onWrite(listener: (principalName: string, operation: string) => void): void {
    this.#pubSub.onMessage((message) => message.kind === 'write' && listener(message.principal, message.operation));
  }

  onGap(listener: () => void): void {
    this.#pubSub.onGap(listener);
  }
}
