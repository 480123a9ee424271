import type { Redis } from 'ioredis';
import { newEpoch } from '../watcher/index.ts';
import type {
  OutboxCommit,
  OutboxLease,
  OutboxQueue,
  OutboxStore,
  StoredItem,
} from '../watcher/outbox/outbox-store.ts';

/** The version of the stored format. Replicas with another version use other keys. */
const FORMAT_VERSION = 1;

/** The name of an outbox among replicas with the same format. */
export const outboxName = (key: string): string => `o${FORMAT_VERSION}/${key}`;

/** An outbox that no replica uses is deleted after this time, in ms. */
const UNUSED_TTL_MS = 30 * 86_400_000;
/** A lease is renewed this many times before it would end. */
const RENEWALS_PER_LEASE = 3;
/** The most requests that wait for the holder of the lease. */
const MAX_REQUESTS = 100;

const parts = ['lease', 'fields', 'pendingPlaces', 'pending', 'deadPlaces', 'dead', 'requests'] as const;

/** A lease longer than the maximum is from before a step back of the server's clock, and is shortened. */
const renewScript = `
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  for k = 2, #KEYS do redis.call('PEXPIRE', KEYS[k], ARGV[3]) end
  local requests = redis.call('LRANGE', KEYS[7], 0, -1)
  redis.call('DEL', KEYS[7])
  return {1, requests}
end
if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {0, {}}`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** Arguments: the token, the expiry of keys, then `set name value`, `unset name`, `put key place text`, `del key place`. */
const commitScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local i = 3
while i <= #ARGV do
  local kind = ARGV[i]
  if kind == 'set' then
    redis.call('HSET', KEYS[2], ARGV[i + 1], ARGV[i + 2])
    i = i + 3
  elseif kind == 'unset' then
    redis.call('HDEL', KEYS[2], ARGV[i + 1])
    i = i + 2
  elseif kind == 'put' then
    local k = tonumber(ARGV[i + 1])
    redis.call('ZADD', KEYS[k], ARGV[i + 2], ARGV[i + 2])
    redis.call('HSET', KEYS[k + 1], ARGV[i + 2], ARGV[i + 3])
    i = i + 4
  else
    local k = tonumber(ARGV[i + 1])
    redis.call('ZREM', KEYS[k], ARGV[i + 2])
    redis.call('HDEL', KEYS[k + 1], ARGV[i + 2])
    i = i + 3
  end
end
for k = 2, #KEYS do redis.call('PEXPIRE', KEYS[k], ARGV[2]) end
return 1`;

/** The number of a queue's key with its places; that with its texts follows. */
const keyOfQueue: Readonly<Record<OutboxQueue, number>> = { pending: 3, dead: 5 };

export interface RedisOutboxOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly leaseMs: number;
}

/** An outbox in Redis. The replica that holds its lease sends, and adds to it. */
export class RedisOutboxStore implements OutboxStore {
  readonly renewEveryMs: number;
  readonly #redis: Redis;
  readonly #keys: readonly string[];
  readonly #leaseMs: number;
  readonly #token = newEpoch();

  /** `name`: an `outboxName`. */
  constructor(name: string, { redis, prefix, leaseMs }: RedisOutboxOptions) {
    this.#redis = redis;
    // Their braces put them into one slot of a cluster.
    this.#keys = parts.map((part) => `${prefix}{${name}}:${part}`);
    this.#leaseMs = leaseMs;
    this.renewEveryMs = leaseMs / RENEWALS_PER_LEASE;
  }

  async renew(): Promise<OutboxLease> {
    const reply = await this.#run(renewScript, this.#token, this.#leaseMs, UNUSED_TTL_MS);
    const [isHeld, requests] = reply as [number, string[]];
    return { isHeld: isHeld === 1, requests };
  }

  async release(): Promise<void> {
    await this.#run(releaseScript, this.#token);
  }

  async load(): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.#redis.hgetall(this.#key('fields'))));
  }

  async commit({ fields = new Map(), put = [], delete: deleted = [] }: OutboxCommit): Promise<boolean> {
    const operations: (string | number)[] = [];
    for (const [name, value] of fields) {
      if (value === undefined) operations.push('unset', name);
      else operations.push('set', name, value);
    }
    for (const { queue, place } of deleted) operations.push('del', keyOfQueue[queue], place);
    for (const { queue, place, text } of put) operations.push('put', keyOfQueue[queue], place, text);
    return (await this.#run(commitScript, this.#token, UNUSED_TTL_MS, ...operations)) === 1;
  }

  async read(queue: OutboxQueue, after: number, limit: number): Promise<readonly StoredItem[]> {
    const places = await this.#redis.zrangebyscore(this.#key(`${queue}Places`), `(${after}`, '+inf', 'LIMIT', 0, limit);
    if (places.length === 0) return [];
    const texts = await this.#redis.hmget(this.#key(queue), ...places);
    return places.flatMap((place, index) => {
      const text = texts[index];
      return text === null || text === undefined ? [] : { queue, place: Number(place), text };
    });
  }

  async request(request: string): Promise<void> {
    await this.#redis
      .multi()
      .rpush(this.#key('requests'), request)
      .ltrim(this.#key('requests'), -MAX_REQUESTS, -1)
      .exec();
  }

  #key(part: (typeof parts)[number]): string {
    return this.#keys[parts.indexOf(part)] as string;
  }

  #run(script: string, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.eval(script, this.#keys.length, ...this.#keys, ...args);
  }
}
