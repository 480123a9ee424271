import type { WallMs } from '../../upstream/index.ts';
import { dayMs, dayOf, type HistoryGap, maxChangesPerDay, maxChangesPerObjectAndDay } from './history-types.ts';

/** Reads how many changes are stored from a time on: of one object, or of all (`''`); at most `limit`. */
export type CountStored = (objectId: string, since: WallMs, limit: number) => Promise<number>;

/** A gap of the present day with its place among the gaps. */
export interface DayGap extends HistoryGap {
  readonly missing: number;
}

/** Bounds the changes that one day adds to a history. Counts those beyond the bounds as gaps. */
export class DayLimits {
  readonly #countStored: CountStored;
  #day: number | undefined;
  /** By object; of all changes under ''. */
  #counts = new Map<string, number>();
  #gaps = new Map<string, DayGap>();
  /** Whether an earlier process may have stored changes on this day. */
  #isFirstDay = true;

  constructor(countStored: CountStored) {
    this.#countStored = countStored;
  }

  /** Must be called before `take`. */
  async prepare(objectIds: Iterable<string>, at: WallMs): Promise<void> {
    const day = dayOf(at);
    // A clock that was stepped back must not start a day anew.
    if (this.#day === undefined || day > this.#day) {
      this.#isFirstDay = this.#day === undefined;
      this.#day = day;
      this.#counts = new Map();
      this.#gaps = new Map();
    }
    if (!this.#isFirstDay) return;
    const since = (this.#day * dayMs) as WallMs;
    const unknown = [...new Set(['', ...objectIds])].filter((id) => !this.#counts.has(id));
    await Promise.all(
      unknown.map(async (id) => {
        const limit = id === '' ? maxChangesPerDay : maxChangesPerObjectAndDay;
        this.#counts.set(id, await this.#countStored(id, since, limit));
      }),
    );
  }

  /** Returns undefined if a change may be stored, else the gap that it belongs to. */
  take(objectId: string, at: WallMs): DayGap | undefined {
    const all = this.#counts.get('') ?? 0;
    const own = this.#counts.get(objectId) ?? 0;
    if (all < maxChangesPerDay && own < maxChangesPerObjectAndDay) {
      this.#counts.set('', all + 1).set(objectId, own + 1);
      return undefined;
    }
    const key = own < maxChangesPerObjectAndDay ? '' : objectId;
    const known = this.#gaps.get(key);
    const gap = {
      since: known?.since ?? at,
      until: at,
      objectId: key === '' ? undefined : key,
      missing: (known?.missing ?? 0) + 1,
    };
    this.#gaps.set(key, gap);
    return gap;
  }
}
