import type { Principal } from '../../principal/principal.ts';
import { type Clock, later, type WallMs } from '../../upstream/index.ts';
import { keyOf } from '../codec.ts';
import { type LevelStore, pagesUnder } from '../level-store.ts';
import { expiryIntervalMs, type HistoryStore } from './history-types.ts';
import { LevelHistory, registryPrefix } from './level-history.ts';

export interface LevelHistoriesOptions {
  readonly clock: Clock;
  readonly retentionMs: number;
  /** Called when expired changes cannot be deleted. */
  readonly onError: (error: unknown) => void;
}

/** The histories in a LevelDB store. Deletes expired changes, also of histories that are not used any more. */
export class LevelHistories {
  readonly #store: LevelStore;
  readonly #options: LevelHistoriesOptions;
  readonly #oldest: () => WallMs;
  readonly #histories = new Map<string, LevelHistory>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;
  #expiring: Promise<void>;

  constructor(store: LevelStore, options: LevelHistoriesOptions) {
    this.#store = store;
    this.#options = options;
    this.#oldest = () => Math.max(0, later(options.clock.wallMs(), -options.retentionMs)) as WallMs;
    this.#expiring = this.#expireAll();
  }

  open(principal: Principal, name: string): HistoryStore {
    return this.#of(keyOf(principal, name)).open();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#expiring;
    await Promise.all([...this.#histories.values()].map(({ idle }) => idle));
  }

  #of(log: string): LevelHistory {
    const history = this.#histories.get(log) ?? new LevelHistory(this.#store, log, this.#oldest);
    this.#histories.set(log, history);
    return history;
  }

  async #expireAll(): Promise<void> {
    const { clock, onError } = this.#options;
    try {
      const stored: string[] = [];
      for await (const page of pagesUnder(this.#store, registryPrefix)) for (const [log] of page) stored.push(log);
      for (const log of stored) if (!this.#isClosed) await this.#of(log).expire();
    } catch (error) {
      onError(error);
    }
    if (this.#isClosed) return;
    this.#cancelTimer = clock.after(expiryIntervalMs, () => {
      this.#expiring = this.#expireAll();
    });
  }
}
