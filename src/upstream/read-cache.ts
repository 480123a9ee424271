import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from './clock.ts';
import { operations } from './operations.ts';
import type { OperationName, Output, ReadName } from './types.ts';

/** Identifies a read: the same for equal inputs, with members in any order, and undefined ones or none. */
export function readKey(operation: OperationName, input: object): string {
  return `${operation} ${plainJson(input) ?? JSON.stringify(input, sorted)}`;
}

/**
 * The JSON of an input without nested members, as most are. Each read needs it, and JSON.stringify is slow to start.
 */
function plainJson(input: object): string | undefined {
  let members = '';
  for (const name of sortedNames(input)) {
    const value: unknown = Reflect.get(input, name);
    if (value === undefined) continue;
    const text = plainText(value);
    if (text === undefined || !isPlain(name)) return undefined;
    members += members === '' ? `"${name}":${text}` : `,"${name}":${text}`;
  }
  return `{${members}}`;
}

function sortedNames(input: object): readonly string[] {
  const names = Object.keys(input);
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  }
  return names;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'string') return isPlain(value) ? `"${value}"` : undefined;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : undefined;
}

/** Whether JSON needs no escapes: printable ASCII, without quotes and backslashes. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A read that the reply to another operation answers as well. */
export interface PrimedRead {
  readonly operation: ReadName;
  /** Its `readKey`. */
  readonly key: string;
  readonly output: object;
}

/** Memoized, as each session that receives a reply may need them. */
const primedReads = new WeakMap<object, readonly PrimedRead[]>();

export function primedBy(operation: OperationName, output: object): readonly PrimedRead[] {
  let primed = primedReads.get(output);
  if (primed === undefined) {
    primed = findPrimed(operation, output);
    primedReads.set(output, primed);
  }
  return primed;
}

function findPrimed(operation: OperationName, output: object): readonly PrimedRead[] {
  const row = operations[operation];
  const read = row.primes;
  if (read === undefined) return [];
  const { object: member, request } = operations[read] as { object: string; request: (object: object) => object };
  const objects: object[] = 'items' in row ? Reflect.get(output, row.items) : [Reflect.get(output, member)];
  return (objects ?? [])
    .filter((object) => object !== undefined)
    .map((object) => ({ operation: read, key: readKey(read, request(object)), output: { [member]: object } }));
}

/** Counts writes: a read that was asked for at an earlier version may be out of date. */
export type Version = number;

/**
 * Which reads are older than the last write that could have changed them. A read counts from when it was asked for, not
 * from its reply: the reply to a read that was in flight during a write may show either state.
 */
export class Freshness {
  #version: Version = 0;
  #everything: Version = 0;
  /** Most sessions write nothing. */
  #changed: Map<ReadName, Version> | undefined;

  get version(): Version {
    return this.#version;
  }

  /** Makes all earlier reads of these operations out of date. */
  invalidate(reads: readonly ReadName[] | 'everything'): void {
    this.#version += 1;
    if (reads === 'everything') {
      this.#everything = this.#version;
      return;
    }
    this.#changed ??= new Map();
    for (const read of reads) this.#changed.set(read, this.#version);
  }

  isCurrent(operation: ReadName, version: Version): boolean {
    return version >= this.#everything && version >= (this.#changed?.get(operation) ?? 0);
  }
}

/** A reply of the cache. */
export interface CachedReply {
  readonly output: object;
  /** In ms. */
  readonly ageMs: number;
}

interface Entry extends Pick<CachedReply, 'output'> {
  readonly operation: ReadName;
  readonly version: Version;
  /** In the clock's ms. */
  readonly receivedAt: number;
  /** In the clock's ms; earlier than it was received if it comes from another cache. */
  readonly asOf: number;
  /** Bounds the operation's own time to live, in ms. */
  readonly maxAgeMs: number;
  /** Later replies have higher numbers. */
  readonly number: number;
}

export interface ReadCacheOptions {
  readonly clock: MonotonicClock;
  /** How long an operation's reply may be used, in ms; 0 turns the cache off. */
  readonly ttlMs: (operation: ReadName) => number;
  /** The maximum number of replies. */
  readonly entries: number;
}

/** Expired replies are removed this often at most, in ms. */
const PURGE_MS = 5_000;

/** The recent replies to one principal's reads. */
export class ReadCache {
  readonly freshness = new Freshness();
  readonly #options: ReadCacheOptions;
  readonly #entries: LRUCache<string, Entry>;
  /**
   * Replies that answer another read as well, by that read: they get keys for it when it is first asked for. Most never
   * are.
   */
  readonly #unprimed = new Map<ReadName, Set<Entry>>();
  #purgeAt = 0;
  #received = 0;

  constructor(options: ReadCacheOptions) {
    this.#options = options;
    this.#entries = new LRUCache({
      // Not `max`, for which lru-cache allocates all places at once.
      maxSize: options.entries,
      sizeCalculation: () => 1,
      dispose: (entry) => this.#forgetUnprimed(entry),
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How long an operation's reply may be used, in ms. */
  ttlMs(operation: ReadName): number {
    return this.#options.ttlMs(operation);
  }

  /** `key`: the `readKey`. */
  get(operation: ReadName, key: string): CachedReply | undefined {
    this.#primeAll(operation);
    const entry = this.#entries.peek(key);
    const now = this.#options.clock.monotonicMs();
    if (entry === undefined || !this.#isValid(operation, entry, now)) return undefined;
    // Only a valid reply counts as used.
    this.#entries.get(key);
    return { output: entry.output, ageMs: now - entry.asOf };
  }

  /**
   * Keeps a reply to a read of this version, with the other reads that it answers.
   * @param leftMs How long it may still be used at most; less than `ttlMs` if it comes from another cache.
   */
  set<O extends ReadName>(
    operation: O,
    key: string,
    output: Output<O>,
    version: Version,
    leftMs = this.ttlMs(operation),
  ): void {
    this.#received += 1;
    const receivedAt = this.#options.clock.monotonicMs();
    const asOf = receivedAt - Math.max(0, this.ttlMs(operation) - leftMs);
    const maxAgeMs = leftMs < this.ttlMs(operation) ? leftMs : Number.POSITIVE_INFINITY;
    const entry: Entry = { operation, output, version, receivedAt, asOf, maxAgeMs, number: this.#received };
    const { primes } = operations[operation];
    if (!this.#put(key, entry, receivedAt) || primes === undefined || this.ttlMs(primes) === 0) return;
    const unprimed = this.#unprimed.get(primes);
    if (unprimed === undefined) this.#unprimed.set(primes, new Set([entry]));
    else unprimed.add(entry);
  }

  delete(operation: ReadName, key: string): void {
    this.#primeAll(operation);
    this.#entries.delete(key);
  }

  #isValid(operation: ReadName, { version, receivedAt, maxAgeMs }: Entry, now: number): boolean {
    const ageMs = now - receivedAt;
    return ageMs < Math.min(this.ttlMs(operation), maxAgeMs) && this.freshness.isCurrent(operation, version);
  }

  /** A list's objects may be valid for longer than the list. */
  #isUseful(entry: Entry, now: number): boolean {
    const { primes } = operations[entry.operation];
    return this.#isValid(entry.operation, entry, now) || (primes !== undefined && this.#isValid(primes, entry, now));
  }

  #put(key: string, entry: Entry, now: number): boolean {
    const known = this.#entries.peek(key);
    if (!this.#isUseful(entry, now) || (known !== undefined && known.version > entry.version)) return false;
    this.#entries.set(key, entry);
    if (entry.receivedAt >= this.#purgeAt) this.#purge(now);
    return true;
  }

  #forgetUnprimed(entry: Entry): void {
    const { primes } = operations[entry.operation];
    if (primes !== undefined) this.#unprimed.get(primes)?.delete(entry);
  }

  #primeAll(read: ReadName): void {
    const unprimed = this.#unprimed.get(read);
    if (unprimed === undefined) return;
    this.#unprimed.delete(read);
    const now = this.#options.clock.monotonicMs();
    for (const entry of unprimed) this.#prime(entry, now);
  }

  /** Replies that came after this one stand. */
  #prime(entry: Entry, now: number): void {
    for (const { operation, key, output } of primedBy(entry.operation, entry.output)) {
      const known = this.#entries.peek(key);
      if (known === undefined || known.number <= entry.number) this.#put(key, { ...entry, operation, output }, now);
    }
  }

  #purge(now: number): void {
    this.#purgeAt = now + PURGE_MS;
    for (const [key, entry] of [...this.#entries]) if (!this.#isUseful(entry, now)) this.#entries.delete(key);
  }
}
