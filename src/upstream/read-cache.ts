import type { Clock } from './clock.ts';
import { Freshness, type Moment } from './freshness.ts';
import type { ReadName } from './operation-types.ts';

interface Entry {
  readonly value: object;
  readonly asked: Moment;
  readonly expires: number;
}

export interface ReadCacheOptions {
  readonly clock: Clock;
  /** How long an operation's answer may be given again, in ms; 0 turns it off. */
  readonly ttlMs: (operation: ReadName) => number;
  /** The most answers kept; the one that was used longest ago goes first. */
  readonly entries: number;
}

/** One principal's recent answers. A Map keeps the order of insertion, so its first key is the least recently used. */
export class ReadCache {
  readonly freshness = new Freshness();
  readonly #options: ReadCacheOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ReadCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(operation: ReadName, key: string): object | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expires <= this.#options.clock.now() || !this.freshness.holds(operation, entry.asked)) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** How long an operation's answer may be given again, in ms. */
  ttlMs(operation: ReadName): number {
    return this.#options.ttlMs(operation);
  }

  /** Keeps an answer that was asked for at `asked`, for `longestMs` at most, unless a write has made it doubtful since, or something newer is kept. */
  set(operation: ReadName, key: string, value: object, asked: Moment, longestMs = Number.POSITIVE_INFINITY): void {
    const ttlMs = Math.min(this.ttlMs(operation), longestMs);
    if (ttlMs <= 0 || !this.freshness.holds(operation, asked)) return;
    const kept = this.#entries.get(key);
    if (kept !== undefined && kept.asked > asked) return;
    this.#entries.delete(key);
    this.#entries.set(key, { value, asked, expires: this.#options.clock.now() + ttlMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.entries) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
