import { createHash } from 'node:crypto';
import type { Position } from './cursor.ts';

/** The items of a list so far. AWS's pages may show one twice, as when the list changes between them. */
export class ShownItems<T> {
  readonly #key: (item: T) => string | undefined;
  readonly #keys = new Set<string>();

  constructor(key: (item: T) => string | undefined) {
    this.#key = key;
  }

  /** Returns false for an item that was added before. Items without a key are always distinct. */
  add(item: T): boolean {
    const key = this.#key(item);
    return key === undefined || this.addKey(key);
  }

  addKey(key: string): boolean {
    const { size } = this.#keys;
    return this.#keys.add(key).size > size;
  }

  /** Returns the index of the first new item from `start` on, or the number of items. */
  nextNew(items: readonly T[], start: number): number {
    let next = start;
    for (; next < items.length; next += 1) {
      const key = this.#key(items[next] as T);
      if (key === undefined || !this.#keys.has(key)) break;
    }
    return next;
  }
}

/** Tracks the items before the start page by page, as AWS may return other pages than when the cursor was created. */
export class Skip<T> {
  #left: number;
  readonly #lastKey: string | undefined;
  readonly #key: (item: T) => string | undefined;
  #done: boolean;

  constructor({ index, key: lastKey }: Position, key: (item: T) => string | undefined) {
    this.#left = index;
    this.#lastKey = lastKey;
    this.#key = key;
    this.#done = index === 0;
  }

  /** How many items of the next page lie before the start. */
  of(items: readonly T[]): number {
    if (this.#done) return 0;
    const last = items[this.#left - 1];
    const inPlace = last !== undefined && (this.#lastKey === undefined || this.#key(last) === this.#lastKey);
    const found = inPlace ? this.#left - 1 : items.findIndex((item) => this.#key(item) === this.#lastKey);
    // If the item is not at its index, it was most likely removed, and the next items have moved up.
    const start = found < 0 ? this.#left - 1 : found + 1;
    if (found < 0 && start >= items.length) {
      this.#left -= items.length;
      return items.length;
    }
    this.#done = true;
    return start;
  }
}

const digestBytes = 9;

/** Digests of the first keys of a list, the same in any order: the exclusive or of each key's own. */
export class KeyDigests {
  readonly #keys: readonly (string | undefined)[];
  /** After each key, as far as they were needed. */
  readonly #digests: Buffer[] = [Buffer.alloc(digestBytes)];

  constructor(keys: readonly (string | undefined)[]) {
    this.#keys = keys;
  }

  upTo(index: number): string {
    for (let at = this.#digests.length; at <= index; at += 1) {
      const own = createHash('sha256')
        .update(this.#keys[at - 1] ?? '')
        .digest();
      this.#digests.push(Buffer.from((this.#digests[at - 1] ?? own).map((byte, place) => byte ^ (own[place] ?? 0))));
    }
    return (this.#digests[index] ?? Buffer.alloc(digestBytes)).toString('base64url');
  }
}
