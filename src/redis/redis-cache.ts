import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Config } from '../config/index.ts';
import type { Principal } from '../principal/principal.ts';
import type { ReadName, SharedCache, SharedRead } from '../upstream/index.ts';
import { decode, encode } from '../watcher/codec.ts';
import { settleMs } from '../watcher/list-state.ts';
import { CacheOwner, type OwnerId } from './cache-owner.ts';
import { type CacheKeys, cacheKeys, change, keep, look } from './cache-scripts.ts';
import { Patience, within } from './patience.ts';
import { Namer } from './seal.ts';

export interface RedisCacheOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly secret: string;
  /** Longer answers are not shared, in bytes. */
  readonly maxValueBytes: number;
  /** For the longest time that any answer is shared, in ms. */
  readonly longestTtlMs: number;
  readonly principals: Config['principals'];
}

/** What Redis does not say within this time AWS is asked for, in ms. */
const lookWithinMs = 100;
/** Whoever writes waits this long, in ms, for Redis to hear of it. */
const tellWithinMs = 500;

const newStamp = (): string => randomBytes(9).toString('base64url');

type Operations = readonly ReadName[] | 'everything';

/**
 * Answers of AWS in Redis, sealed, for all processes in which a principal is the very same. A write makes what it may have changed count no more before
 * its own answer is given; and for as long as AWS's answers may lag behind a write, they are nobody's but of who has got them.
 */
export class RedisCache implements SharedCache {
  readonly #options: RedisCacheOptions;
  readonly #namer: Namer;
  readonly #owners = new WeakMap<Principal, CacheOwner>();
  readonly #patience: Patience;

  constructor(options: RedisCacheOptions) {
    this.#options = options;
    this.#namer = new Namer(options.secret);
    this.#patience = new Patience(options.redis, lookWithinMs);
  }

  async look(principal: Principal, operation: ReadName, key: string): Promise<SharedRead | undefined> {
    const owner = this.#owner(principal);
    const { id } = owner;
    if (id === undefined || !owner.settled) return undefined;
    const { redis, prefix, longestTtlMs } = this.#options;
    const keys = cacheKeys(prefix, id.name, this.#namer.name('answer', id.name, key));
    const found = await this.#patience.try(() => look(redis, keys, operation, newStamp(), longestTtlMs));
    // A write of this process may have come in between.
    if (found === undefined || !owner.settled) return undefined;
    const { stamp, sealed, leftMs } = found;
    const label = JSON.stringify([key, stamp]);
    const text = sealed === undefined || leftMs <= 0 ? undefined : id.seal.open(sealed, label);
    return {
      answer: text === undefined ? undefined : { output: decode(text) as object, leftMs },
      keep: (output, ttlMs) => this.#keep(id, keys, { operation, stamp, label, output, ttlMs }),
      drop: () => void this.#patience.try(() => redis.del(keys.answer)),
    };
  }

  forget(principal: Principal, operations: Operations): void {
    void this.changed(principal, operations);
  }

  /** Makes what is kept of these reads count no more; resolves when it does, or after a while. Never rejects. */
  changed(principal: Principal, operations: Operations): Promise<void> {
    const { redis, prefix, longestTtlMs } = this.#options;
    const owner = this.#owner(principal);
    const told = ({ name }: OwnerId) => {
      const changed = operations === 'everything' ? [operations] : operations;
      return change(redis, cacheKeys(prefix, name, '').stamps, changed, newStamp(), settleMs);
    };
    const { id } = owner;
    // What is known is told at once, so that nothing that this process asks of Redis later goes before it.
    const tell = () => (id === undefined ? owner.identify().then((known) => known && told(known)) : told(id));
    return owner.tell(() => within(tellWithinMs, tell()), longestTtlMs);
  }

  /** Whether it is known whose answers the principal may share, so that `changed` tells Redis at once. */
  knows(principal: Principal): boolean {
    return this.#owner(principal).id !== undefined;
  }

  #owner(principal: Principal): CacheOwner {
    const { principals, secret } = this.#options;
    const settings = principals.find(({ name }) => name === principal.name);
    const owner = this.#owners.get(principal) ?? new CacheOwner(principal, settings, this.#namer, secret);
    this.#owners.set(principal, owner);
    return owner;
  }

  #keep(
    id: OwnerId,
    keys: CacheKeys,
    it: { operation: ReadName; stamp: string; label: string; output: object; ttlMs: number },
  ): void {
    const text = encode(it.output);
    if (Buffer.byteLength(text) > this.#options.maxValueBytes || it.ttlMs < 1) return;
    const { operation, stamp, label } = it;
    const sealed = id.seal.close(text, label);
    const kept = { operation, stamp, sealed, ttlMs: Math.floor(it.ttlMs), settleMs };
    void this.#patience.try(() => keep(this.#options.redis, keys, kept));
  }
}
