import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { newCursorKey } from '../watcher/index.ts';

// SET with both NX and GET needs Redis 7.
const shareScript = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX') then return ARGV[1] end
return redis.call('GET', KEYS[1])`;

/** The time between attempts while Redis is unreachable, in ms. */
const RETRY_MS = 250;

/**
 * The key that signs event cursors, in Redis. The first gateway creates it, and any gateway restores it when Redis has
 * lost it.
 */
export class SharedCursorKey {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #toleranceMs: number;
  #key: string | undefined;
  #use: (key: Uint8Array) => void = () => undefined;

  constructor(redis: Redis, prefix: string, toleranceMs: number) {
    this.#redis = redis;
    this.#name = `${prefix}cursor-key`;
    this.#toleranceMs = toleranceMs;
    redis.on('ready', () => {
      if (this.#key !== undefined) this.#share().catch(() => undefined);
    });
  }

  /**
   * Calls `use` with the key, and again when the key is replaced. Rejects when Redis is unreachable for longer than
   * `redis.toleranceMs`.
   */
  async load(use: (key: Uint8Array) => void): Promise<void> {
    this.#use = use;
    const until = performance.now() + this.#toleranceMs;
    for (;;) {
      try {
        return await this.#share();
      } catch (error) {
        if (this.#redis.status === 'end' || performance.now() >= until) throw error;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async #share(): Promise<void> {
    const mine = this.#key ?? newCursorKey().toString('base64url');
    const key = String(await this.#redis.eval(shareScript, 1, this.#name, mine));
    this.#key = key;
    this.#use(Buffer.from(key, 'base64url'));
  }
}
