import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PersistedQueriesConfig, PersistedQueryStore } from '../pipeline/documents/persisted-queries.ts';
import { Patience } from './patience.ts';
import { addDocument, findDocument, type PersistedKeys, persistedKeys } from './persisted-scripts.ts';

/** A document that Redis has not sent within this time counts as not found, and its client sends it, in ms. */
const FIND_WITHIN_MS = 100;

/**
 * Persisted queries that several gateways share. Bounds hold for all of them together; without Redis, no document is
 * found or kept.
 */
export class RedisPersistedQueries implements PersistedQueryStore {
  readonly #redis: Redis;
  readonly #keys: PersistedKeys;
  readonly #config: PersistedQueriesConfig;
  readonly #patience: Patience;

  constructor(redis: Redis, prefix: string, config: PersistedQueriesConfig, withinMs = FIND_WITHIN_MS) {
    this.#redis = redis;
    this.#keys = persistedKeys(prefix);
    this.#config = config;
    this.#patience = new Patience(redis, withinMs);
  }

  async find(hash: string): Promise<string | undefined> {
    const text = await this.#patience.try(() => findDocument(this.#redis, this.#keys, hash, this.#config.ttlMs));
    // What others have written into Redis runs only if it is what the client has named.
    return text !== undefined && sha256(text, 'hex') === hash ? text : undefined;
  }

  add(owner: string, hash: string, text: string): void {
    const add = () =>
      addDocument(this.#redis, this.#keys, { owner: sha256(owner, 'base64url'), hash, text }, this.#config);
    void this.#patience.try(add);
  }
}

const sha256 = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHash('sha256').update(text).digest(encoding);
