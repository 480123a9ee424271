import { Activity } from '../watcher/activity.ts';

const END = { done: true, value: undefined } as const;

/**
 * Emits values to one reader. A value that is not read before the next one is replaced, so that at most one is held.
 */
export class LatestValue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #pushes = new Activity();
  readonly #ended = new AbortController();
  readonly #onEnd: () => void;
  #next: { readonly value: T } | undefined;

  /** `onEnd`: called once, when the reader leaves. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(value: T): void {
    this.#next = { value };
    this.#pushes.notify();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const next = this.#next;
      if (next !== undefined) {
        this.#next = undefined;
        return { done: false, value: next.value };
      }
      await this.#pushes.after(this.#pushes.count, signal).catch(() => undefined);
    }
    return END;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    if (!this.#ended.signal.aborted) {
      this.#ended.abort();
      this.#next = undefined;
      this.#onEnd();
    }
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
