import { setImmediate } from 'node:timers/promises';

/** The event loop is blocked for about this time by one slice, in ms. */
const SLICE_MS = 4;
/** Reading the clock for each item would cost more than the work. */
const ITEMS_PER_CHECK = 32;

/** Divides a long loop, so that other work of this process runs in between: `if (slice.isOver) await slice.next()`. */
export class TimeSlice {
  #endsAt = performance.now() + SLICE_MS;
  #items = 0;

  /** Counts one item. Returns whether the slice has taken its time. */
  get isOver(): boolean {
    this.#items += 1;
    return this.#items % ITEMS_PER_CHECK === 0 && performance.now() >= this.#endsAt;
  }

  /** Resolves when other work has run. */
  async next(): Promise<void> {
    await setImmediate();
    this.#endsAt = performance.now() + SLICE_MS;
  }
}
