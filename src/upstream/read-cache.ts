import type { Clock } from './clock.ts';
import { Freshness, type Moment } from './freshness.ts';
import type { Output, ReadName } from './operation-types.ts';
import { primedBy, primedRead } from './priming.ts';

interface Entry {
  readonly operation: ReadName;
  readonly value: object;
  readonly asked: Moment;
  /** In the clock's ms. */
  readonly keptAt: number;
  /** What came later has a higher one. */
  readonly number: number;
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
   * Keeps an answer that was asked for at `asked`, and the answers to other reads that it holds, unless a write has made them doubtful since,
   * or something newer is kept.
   */
  set<O extends ReadName>(operation: O, key: string, value: Output<O>, asked: Moment): void {
    this.#numbered += 1;
    const entry: Entry = { operation, value, asked, keptAt: this.#options.clock.now(), number: this.#numbered };
    const isKept = this.#put(key, entry);
    const read = primedRead(operation);
    if (read === undefined || this.#options.ttlMs(read) === 0) return;
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

  #isGood({ operation, asked, keptAt }: Entry): boolean {
    const { clock, ttlMs } = this.#options;
    return keptAt + ttlMs(operation) > clock.now() && this.freshness.holds(operation, asked);
  }

  #put(key: string, entry: Entry): boolean {
    const kept = this.#entries.get(key);
    if (!this.#isGood(entry) || (kept !== undefined && kept.asked > entry.asked)) return false;
    if (kept !== undefined) this.#forget(key, kept);
    this.#entries.set(key, entry);
    for (const [oldest, old] of this.#entries) {
      if (this.#entries.size <= this.#options.entries) break;
      this.#forget(oldest, old);
    }
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
  #prime({ operation, value, asked, keptAt, number }: Entry): void {
    for (const primed of primedBy(operation, value)) {
      const kept = this.#entries.get(primed.key);
      if (kept !== undefined && kept.number > number) continue;
      this.#put(primed.key, { operation: primed.operation, value: primed.output, asked, keptAt, number });
    }
  }
}
