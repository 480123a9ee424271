import type { Redis } from 'ioredis';

/** Settles as `work` does, or rejects after `ms` ms; what becomes of it later is nobody's business. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // Where this process was busy that long, the answer may be here already, and is read before the next turn.
    const fail = () => setImmediate(reject, new Error(`Redis did not answer within ${ms} ms.`));
    const late = setTimeout(fail, ms);
    work.finally(() => clearTimeout(late)).then(resolve, reject);
  });
}

/** Redis is let alone for this long after it has failed, in ms. */
const awayMs = 1_000;

/**
 * For what can be done without Redis, if less well: it is waited for only a little, and, when it has not answered, for a while not at all, so that
 * a Redis that hangs holds up nobody.
 */
export class Patience {
  readonly #ms: number;
  #awayUntil = 0;

  /** `ms`: how long one answer is waited for. */
  constructor(redis: Redis, ms: number) {
    this.#ms = ms;
    redis.on('ready', () => {
      this.#awayUntil = 0;
    });
  }

  /** What `work` comes to; undefined when Redis is not there in time. Never rejects. */
  async try<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#awayUntil) return undefined;
    try {
      return await within(this.#ms, work());
    } catch {
      this.#awayUntil = performance.now() + awayMs;
      return undefined;
    }
  }
}
