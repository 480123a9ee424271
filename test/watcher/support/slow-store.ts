import type { MemoryLevel } from 'memory-level';
import type { LevelStore } from '../../../src/watcher/level-store.ts';
import type { ManualClock } from '../../support/manual-clock.ts';

/** A store whose writes take a while, and which loses pending writes when its process dies. */
export class SlowStore {
  readonly #store: MemoryLevel<string, string>;
  readonly #clock: ManualClock;
  readonly #writeMs: number;
  readonly #cancels = new Set<() => void>();
  #dead = false;

  constructor(store: MemoryLevel<string, string>, clock: ManualClock, writeMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#writeMs = writeMs;
  }

  open(): LevelStore {
    return new Proxy(this.#store, {
      get: (store, name) => {
        if (name === 'batch') return async (operations: []) => store.batch(await this.#later(operations));
        const value: unknown = Reflect.get(store, name);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    }) as unknown as LevelStore;
  }

  kill(): void {
    this.#dead = true;
    for (const cancel of this.#cancels) cancel();
  }

  #later<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#dead) return;
      if (this.#writeMs === 0) return resolve(value);
      const cancel = this.#clock.after(this.#writeMs, () => {
        this.#cancels.delete(cancel);
        resolve(value);
      });
      this.#cancels.add(cancel);
    });
  }
}
