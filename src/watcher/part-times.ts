import { LRUCache } from 'lru-cache';
import type { WallMs } from '../upstream/index.ts';

/** So many parts are remembered whose objects are gone, the last ones. */
const MAX_GONE_PARTS = 10_000;

/**
 * When the reads of the parts of a list began, the oldest first. Seconds since the first one, as V8 keeps small
 * integers without an object.
 */
export class PartTimes {
  readonly #seconds = new Map<string, number>();
  /** No part has a later time than this, in the same seconds. */
  #newest = Number.NEGATIVE_INFINITY;
  #base: WallMs | undefined;

  /** The list has parts that are not here, and all of them were read at this date or later. */
  floor: WallMs | undefined;

  /** Parts that were found since the last sweep and are not read yet. */
  readonly #unread = new Set<string>();
  /** Data of the unread parts may be missing since this date. */
  #unreadSince: WallMs | undefined;
  /** Not `max`, for which lru-cache allocates all places at once. */
  readonly #gone = new LRUCache<string, true>({ maxSize: MAX_GONE_PARTS, sizeCalculation: () => 1 });

  /** The list is complete as of this date; undefined if nothing was read. */
  get asOf(): WallMs | undefined {
    const { oldestRead } = this;
    if (oldestRead === undefined || this.#unreadSince === undefined) return oldestRead;
    return Math.min(oldestRead, this.#unreadSince) as WallMs;
  }

  /** The start of the oldest read; undefined if nothing was read. */
  get oldestRead(): WallMs | undefined {
    if (this.floor !== undefined) return this.floor;
    for (const seconds of this.#seconds.values()) return ((this.#base ?? 0) + seconds * 1000) as WallMs;
    return undefined;
  }

  has(key: string): boolean {
    return this.#seconds.has(key) || this.#unread.has(key);
  }

  /**
   * Whether the part was read, or waits to be read, and its object was not gone in between. Forgets that it was, as the
   * part is read again then.
   */
  isRead(key: string): boolean {
    return !this.#gone.delete(key) && this.has(key);
  }

  /**
   * The object of a part is gone, and with it what was read of the part, also by a read that ends later. Returns whether
   * the list was waiting for the part.
   */
  markGone(key: string): boolean {
    this.#gone.set(key, true);
    return this.removeUnread(key);
  }

  /** A part was found that may exist since this date. */
  addUnread(key: string, since: WallMs): void {
    this.#unread.add(key);
    if (this.#unreadSince === undefined || since < this.#unreadSince) this.#unreadSince = since;
  }

  /** Returns whether the list was waiting for the part: it is read, or gone. */
  removeUnread(key: string): boolean {
    const wasUnread = this.#unread.delete(key);
    if (this.#unread.size === 0) this.#unreadSince = undefined;
    return wasUnread;
  }

  set(key: string, startedOn: WallMs): void {
    this.#base ??= startedOn;
    this.removeUnread(key);
    const seconds = Math.floor((startedOn - this.#base) / 1000);
    this.#seconds.delete(key);
    // An own write that stands against a read makes its part older than parts that were read before.
    const later = seconds < this.#newest ? [...this.#seconds].filter(([, other]) => other > seconds) : [];
    for (const [other] of later) this.#seconds.delete(other);
    this.#seconds.set(key, seconds);
    for (const [other, since] of later) this.#seconds.set(other, since);
    this.#newest = Math.max(this.#newest, seconds);
  }

  delete(key: string): void {
    this.removeUnread(key);
    this.#seconds.delete(key);
  }

  /** Removes parts that the list no longer has. Those are the oldest, as all others were read since. */
  dropWhile(isGone: (key: string) => boolean): void {
    for (const key of this.#seconds.keys()) {
      if (!isGone(key)) return;
      this.#seconds.delete(key);
    }
  }

  clear(): void {
    this.#seconds.clear();
    this.#unread.clear();
    this.#gone.clear();
    this.#unreadSince = undefined;
    this.floor = undefined;
  }
}
