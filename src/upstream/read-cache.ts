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
  /** The most answers kept; those that were used longest ago go first. */
  readonly entries: number;
}

/** What has ended is looked for this often at most, in ms. */
const SWEEP_MS = 5_000;

/** One principal's recent answers. A Map keeps the order of insertion, so its first key is the least recently used. */
export class ReadCache {
  readonly freshness = new Freshness();
  readonly #options: ReadCacheOptions;
  readonly #entries = new Map<string, Entry>();
  #sweepAt = 0;

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
    const { clock, entries } = this.#options;
    const lifetime = Math.min(this.ttlMs(operation), longestMs);
    if (lifetime <= 0 || !this.freshness.holds(operation, asked)) return;
    const kept = this.#entries.get(key);
    if (kept !== undefined && kept.asked > asked) return;
    const now = clock.now();
    this.#entries.delete(key);
    this.#entries.set(key, { value, asked, expires: now + lifetime });
    if (now >= this.#sweepAt) this.#sweep(now);
    if (this.#entries.size > entries) this.#makeRoom();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Drops what has ended: after a long list that is read once, nobody asks for its objects again. */
  #sweep(now: number): void {
    this.#sweepAt = now + SWEEP_MS;
    for (const [key, { expires }] of this.#entries) if (expires <= now) this.#entries.delete(key);
  }

  /** A tenth goes at a time: a Map whose first keys have been deleted takes long to find its first key. */
  #makeRoom(): void {
    const { entries } = this.#options;
    const stay = entries - Math.floor(entries / 10);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= stay) break;
      this.#entries.delete(oldest);
    }
  }
}
