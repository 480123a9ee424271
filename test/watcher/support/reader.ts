import type { WatchEvent } from '../../../src/watcher/index.ts';
import { settled } from '../../support/manual-clock.ts';

/** Reads a subscription and records its events. */
export class Reader<T> {
  readonly events: WatchEvent<T>[] = [];
  readonly #iterator: AsyncIterator<WatchEvent<T>>;
  ended = false;
  error: unknown;

  constructor(iterator: AsyncIterator<WatchEvent<T>>) {
    this.#iterator = iterator;
    void this.#read();
  }

  get types(): string {
    return this.events.map(({ type }) => type).join(' ');
  }

  get cursor(): string | undefined {
    return this.events.at(-1)?.cursor;
  }

  /** The events since the last call. */
  take(): WatchEvent<T>[] {
    return this.events.splice(0);
  }

  async stop(): Promise<void> {
    await this.#iterator.return?.();
    await settled();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const result = await this.#iterator.next();
        if (result.done === true) break;
        this.events.push(result.value);
      }
    } catch (error) {
      this.error = error;
    }
    this.ended = true;
  }
}
