import type { MonotonicClock } from './clock.ts';
import { Freshness, type Moment } from './freshness.ts';
import type { Output, ReadName } from './operation-types.ts';
import { primedBy, primedRead } from './priming.ts';

interface Entry {
  readonly operation: ReadName;
  readonly value: object;
  readonly asked: Moment;
  /** In the clock's ms. */
  readonly keptAt: number;
  /** It may not be given again for longer than this, in ms, whatever the operation's answers may. */
  readonly longestMs: number;
  /** What came later has a higher one. */
  readonly number: number;
}

export interface ReadCacheOptions {
  readonly clock: MonotonicClock;
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
  /** By read: entries that hold answers to it, which get keys of their own when one is asked for. Most never are. */
  readonly #unprimed = new Map<ReadName, Set<Entry>>();
  #numbered = 0;

  constructor(options: ReadCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(operation: ReadName, key: string): object | undefined {
    this.#primeAll(operation);
    return this.#get(key);
  }

  /**
   * Keeps an answer that was asked for at `asked`, and the answers to other reads that it holds, for `longestMs` at most, unless a write has made them
   * doubtful since, or something newer is kept.
   */
  set<O extends ReadName>(
    operation: O,
    key: string,
    value: Output<O>,
    asked: Moment,
    longestMs = Number.POSITIVE_INFINITY,
  ): void {
    this.#numbered += 1;
    const keptAt = this.#options.clock.monotonicMs();
    const entry: Entry = { operation, value, asked, keptAt, longestMs, number: this.#numbered };
    const isKept = this.#put(key, entry);
    const read = primedRead(operation);
    if (read === undefined || this.ttlMs(read) === 0) return;
    if (!isKept) {
      this.#prime(entry);
      return;
    }
    const unprimed = this.#unprimed.get(read);
    if (unprimed === undefined) this.#unprimed.set(read, new Set([entry]));
    else unprimed.add(entry);
  }

  delete(operation: ReadName, key: string): void {
    this.#primeAll(operation);
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#forget(key, entry);
  }

  #get(key: string): object | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (!this.#isGood(entry)) {
      // What it holds may be kept for longer than itself.
      if (this.#forget(key, entry)) this.#prime(entry);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** How long an operation's answer may be given again, in ms. */
  ttlMs(operation: ReadName): number {
    return this.#options.ttlMs(operation);
  }

  #isGood({ operation, asked, keptAt, longestMs }: Entry): boolean {
    const { clock } = this.#options;
    return (
      keptAt + Math.min(this.ttlMs(operation), longestMs) > clock.monotonicMs() &&
      this.freshness.holds(operation, asked)
    );
  }

  #put(key: string, entry: Entry): boolean {
    const kept = this.#entries.get(key);
    if (!this.#isGood(entry) || (kept !== undefined && kept.asked > entry.asked)) return false;
    if (kept !== undefined) this.#forget(key, kept);
    this.#entries.set(key, entry);
    if (entry.keptAt >= this.#sweepAt) this.#sweep();
    if (this.#entries.size > this.#options.entries) this.#makeRoom();
    return true;
  }

  /** Returns whether it held answers that had not been kept under their own keys. */
  #forget(key: string, entry: Entry): boolean {
    this.#entries.delete(key);
    const read = primedRead(entry.operation);
    return read !== undefined && (this.#unprimed.get(read)?.delete(entry) ?? false);
  }

  #primeAll(read: ReadName): void {
    const unprimed = this.#unprimed.get(read);
    if (unprimed === undefined) return;
    this.#unprimed.delete(read);
    for (const entry of unprimed) this.#prime(entry);
  }

  /** As it would have been when the answer came: what has been kept since is newer. */
  #prime({ operation: told, value: reply, asked, keptAt, longestMs, number }: Entry): void {
    for (const { operation, key, output: value } of primedBy(told, reply)) {
      const kept = this.#entries.get(key);
      if (kept !== undefined && kept.number > number) continue;
      this.#put(key, { operation, value, asked, keptAt, longestMs, number });
    }
  }

  /** Drops what has ended: after a long list that is read once, nobody asks for its objects again. */
  #sweep(): void {
    this.#sweepAt = this.#options.clock.monotonicMs() + SWEEP_MS;
    for (const [key, entry] of [...this.#entries])
      if (!this.#isGood(entry) && this.#forget(key, entry)) this.#prime(entry);
  }

  /** A tenth goes at a time: a Map whose first keys have been deleted takes long to find its first key. */
  #makeRoom(): void {
    const { entries } = this.#options;
    const stay = entries - Math.floor(entries / 10);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= stay) break;
      this.#forget(oldest, entry);
    }
  }
}
