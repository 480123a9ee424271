import type { WallMs } from '../upstream/index.ts';

/**
 * When the reads of the parts of a list began, the oldest first. Seconds since the first one, as V8 keeps small integers
 * without an object.
 */
export class PartTimes {
  readonly #seconds = new Map<string, number>();
  #base: WallMs | undefined;

  /** The list has parts that are not here, and all of them were read at this date or later. */
  floor: WallMs | undefined;

  /** The start of the oldest read; undefined if nothing was read. */
  get asOf(): WallMs | undefined {
    if (this.floor !== undefined) return this.floor;
    for (const seconds of this.#seconds.values()) return ((this.#base ?? 0) + seconds * 1000) as WallMs;
    return undefined;
  }

  has(key: string): boolean {
    return this.#seconds.has(key);
  }

  set(key: string, startedOn: WallMs): void {
    this.#base ??= startedOn;
    this.#seconds.delete(key);
    this.#seconds.set(key, Math.floor((startedOn - this.#base) / 1000));
  }

  delete(key: string): void {
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
    this.floor = undefined;
  }
}
