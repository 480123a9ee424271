import { LRUCache } from 'lru-cache';
import type { Config } from '../../config/index.ts';

export type PersistedQueriesConfig = NonNullable<Config['persistedQueries']>;

/** Documents by their SHA-256 hashes, in hexadecimal. */
export interface PersistedQueryStore {
  /** The document, which counts as used. Never rejects: a store that cannot be reached has none. */
  find(hash: string): string | undefined | Promise<string | undefined>;
  /** Keeps a document that `owner` has sent, within the owner's bounds and those of all. Never fails. */
  add(owner: string, hash: string, text: string): void;
}

/** What a document takes beside its text: its hash, and its place in maps and lists, about. */
export const BYTES_PER_DOCUMENT = 512;

/** Documents that have expired are looked for this often at most, in ms. */
const PURGE_MS = 60_000;

/**
 * Persisted queries in memory. All callers find a document, and the one that added it is charged for it. Where room is
 * needed, the caller with the most bytes makes it: a caller that adds without end removes its own documents, and those
 * of callers that have as many.
 */
export class MemoryPersistedQueries implements PersistedQueryStore {
  readonly #config: PersistedQueriesConfig;
  readonly #owners = new Map<string, LRUCache<string, string>>();
  readonly #ownerOf = new Map<string, LRUCache<string, string>>();
  #bytes = 0;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(config: PersistedQueriesConfig) {
    this.#config = config;
  }

  get size(): { readonly documents: number; readonly bytes: number; readonly owners: number } {
    return { documents: this.#ownerOf.size, bytes: this.#bytes, owners: this.#owners.size };
  }

  find(hash: string): string | undefined {
    return this.#ownerOf.get(hash)?.get(hash);
  }

  add(owner: string, hash: string, text: string): void {
    if (this.find(hash) !== undefined) return;
    const { maxDocuments, maxBytes, perCaller } = this.#config;
    if (sizeOf(text) > Math.min(maxBytes, perCaller.maxBytes)) return;
    const own = this.#owners.get(owner) ?? this.#create(owner);
    this.#ownerOf.set(hash, own);
    this.#bytes += sizeOf(text);
    own.set(hash, text);
    while (own.size > perCaller.maxDocuments) own.pop();
    if (this.#ownerOf.size > maxDocuments || this.#bytes > maxBytes) this.#purge();
    while (this.#ownerOf.size > maxDocuments || this.#bytes > maxBytes) this.#largest()?.pop();
  }

  #create(owner: string): LRUCache<string, string> {
    // Without `max`, as that many places would be allocated for each caller at once.
    const own = new LRUCache<string, string>({
      maxSize: this.#config.perCaller.maxBytes,
      sizeCalculation: sizeOf,
      ttl: this.#config.ttlMs,
      updateAgeOnGet: true,
      dispose: (text, hash) => {
        this.#ownerOf.delete(hash);
        this.#bytes -= sizeOf(text);
      },
      disposeAfter: () => {
        if (own.size === 0) this.#owners.delete(owner);
      },
    });
    this.#owners.set(owner, own);
    return own;
  }

  #purge(): void {
    const now = performance.now();
    if (now - this.#purgedAt < PURGE_MS) return;
    this.#purgedAt = now;
    for (const own of [...this.#owners.values()]) own.purgeStale();
  }

  #largest(): LRUCache<string, string> | undefined {
    let largest: LRUCache<string, string> | undefined;
    for (const own of this.#owners.values())
      if (largest === undefined || own.calculatedSize > largest.calculatedSize) largest = own;
    return largest;
  }
}

/** A string of JavaScript has two bytes for each character at most. */
const sizeOf = (text: string): number => 2 * text.length + BYTES_PER_DOCUMENT;
