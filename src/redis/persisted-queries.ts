import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PersistedQueriesConfig, PersistedQueryStore } from '../pipeline/documents/persisted-queries.ts';
import { CircuitBreaker } from './connection.ts';

/** Approximate overhead of a document in all keys, beside its text. */
const BYTES_PER_DOCUMENT = 1_024;

/** The maximum number of expired documents that one call removes, so that no call takes long. */
const MAX_REMOVED = 100;

/**
 * The keys:
 * - `texts`: hash of the documents by their SHA-256.
 * - `entries`: hash of `<owner> <time of last use>` of each document; its field `bytes` is the size of all documents.
 * - `uses`: sorted set of the documents' hashes by the time of their last use, in ms of the server's clock.
 * - `owned`: sorted set of `<owner> <time of last use> <hash>` with equal scores, so that a range lists an owner's
 *   documents in order.
 * - `owners`: sorted set of owners by the bytes of their documents.
 */
const shared = `
local texts, entries, uses, owned, owners = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = redis.call('TIME')
-- A fixed number of digits, so that strings sort by time.
local now = string.format('%015.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
local ttl = tonumber(ARGV[1])

-- A full Redis may evict a single key and leave the others.
local count = redis.call('HLEN', texts)
if redis.call('ZCARD', uses) ~= count or redis.call('ZCARD', owned) ~= count
  or redis.call('HLEN', entries) ~= (count > 0 and count + 1 or 0)
  or (count > 0) ~= (redis.call('EXISTS', owners) == 1) then
  redis.call('DEL', unpack(KEYS))
end

local function remove(hash)
  local owner, used = string.match(redis.call('HGET', entries, hash), '^(%S+) (%d+)$')
  local bytes = redis.call('HSTRLEN', texts, hash) + ${BYTES_PER_DOCUMENT}
  redis.call('HDEL', texts, hash)
  redis.call('HDEL', entries, hash)
  redis.call('ZREM', uses, hash)
  redis.call('ZREM', owned, owner .. ' ' .. used .. ' ' .. hash)
  redis.call('HINCRBY', entries, 'bytes', -bytes)
  if tonumber(redis.call('ZINCRBY', owners, -bytes, owner)) <= 0 then redis.call('ZREM', owners, owner) end
  if redis.call('HLEN', texts) == 0 then redis.call('DEL', unpack(KEYS)) end
end

local function touch(owner, hash)
  redis.call('HSET', entries, hash, owner .. ' ' .. now)
  redis.call('ZADD', uses, now, hash)
  redis.call('ZADD', owned, 0, owner .. ' ' .. now .. ' ' .. hash)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ttl) end
end

-- Returns the text, and records its use.
local function find(hash)
  local text = redis.call('HGET', texts, hash)
  if not text then return nil end
  local owner, used = string.match(redis.call('HGET', entries, hash), '^(%S+) (%d+)$')
  if tonumber(used) + ttl <= tonumber(now) then
    remove(hash)
    return nil
  end
  if used ~= now then
    redis.call('ZREM', owned, owner .. ' ' .. used .. ' ' .. hash)
    touch(owner, hash)
  end
  return text
end`;

/** Returns the document with this hash, unless it has expired, and records its use. */
const findScript = `${shared}
return find(ARGV[2])`;

/**
 * Stores a document. Evicts the owner's least recently used documents first, then those of the owner with the most
 * bytes.
 */
const addScript = `${shared}
local hash, owner, text = ARGV[2], ARGV[3], ARGV[4]
local ownDocuments, ownBytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local allDocuments, allBytes = tonumber(ARGV[7]), tonumber(ARGV[8])
local expired = string.format('%.0f', tonumber(now) - ttl)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', uses, '-inf', expired, 'LIMIT', 0, ${MAX_REMOVED})) do remove(old) end
if find(hash) then return 0 end
local bytes = #text + ${BYTES_PER_DOCUMENT}
if bytes > ownBytes or bytes > allBytes then return 0 end

local function oldest(of)
  local first = redis.call('ZRANGEBYLEX', owned, '[' .. of .. ' ', '(' .. of .. '!', 'LIMIT', 0, 1)[1]
  return string.match(first, '%S+$')
end
local function ownCount() return redis.call('ZLEXCOUNT', owned, '[' .. owner .. ' ', '(' .. owner .. '!') end
local function bytesOf(of) return tonumber(redis.call('ZSCORE', owners, of) or '0') end

-- Evict before adding, so that the new document is never the oldest.
while ownCount() > 0 and (ownCount() + 1 > ownDocuments or bytesOf(owner) + bytes > ownBytes) do
  remove(oldest(owner))
end
while redis.call('ZCARD', owners) > 0 and (redis.call('HLEN', texts) + 1 > allDocuments
  or tonumber(redis.call('HGET', entries, 'bytes') or '0') + bytes > allBytes) do
  local largest = redis.call('ZREVRANGE', owners, 0, 0)[1]
  -- With the new document, the caller itself may have the most bytes.
  if bytesOf(owner) > 0 and bytesOf(owner) + bytes > bytesOf(largest) then largest = owner end
  remove(oldest(largest))
end

redis.call('HSET', texts, hash, text)
redis.call('HINCRBY', entries, 'bytes', bytes)
redis.call('ZINCRBY', owners, bytes, owner)
touch(owner, hash)
return 1`;

/** A document that Redis does not return within this time, in ms, counts as not found, and its client sends it. */
const FIND_TIMEOUT_MS = 100;

/**
 * Persisted queries that several gateways share. The limits apply to all gateways together. While Redis is unreachable,
 * no document is found or stored.
 */
export class RedisPersistedQueries implements PersistedQueryStore {
  readonly #redis: Redis;
  readonly #keys: readonly string[];
  readonly #config: PersistedQueriesConfig;
  readonly #breaker: CircuitBreaker;

  constructor(redis: Redis, prefix: string, config: PersistedQueriesConfig, timeoutMs = FIND_TIMEOUT_MS) {
    this.#redis = redis;
    // The braces put the keys into one slot of a cluster.
    this.#keys = ['texts', 'entries', 'uses', 'owned', 'owners'].map((name) => `${prefix}{persisted}:${name}`);
    this.#config = config;
    this.#breaker = new CircuitBreaker(redis, timeoutMs);
  }

  async find(hash: string): Promise<string | undefined> {
    const text = await this.#run(findScript, hash);
    // Other clients of Redis may write there, so the text must match the requested hash.
    return typeof text === 'string' && sha256(text, 'hex') === hash ? text : undefined;
  }

  add(owner: string, hash: string, text: string): void {
    const { maxDocuments, maxBytes, perCaller } = this.#config;
    const limits = [perCaller.maxDocuments, perCaller.maxBytes, maxDocuments, maxBytes];
    void this.#run(addScript, hash, sha256(owner, 'base64url'), text, ...limits);
  }

  #run(script: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const { length } = this.#keys;
    return this.#breaker.run(() => this.#redis.eval(script, length, ...this.#keys, this.#config.ttlMs, ...args));
  }
}

const sha256 = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHash('sha256').update(text).digest(encoding);
