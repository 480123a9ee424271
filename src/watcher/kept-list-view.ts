import type { Clock, WallMs } from '../upstream/index.ts';
import type { ObservedObject } from './journal.ts';
import type { KeptChannel } from './kept-channel.ts';
import type { KeptList, KeptState } from './kept-types.ts';
import { callsOf } from './sweeper.ts';

/** READY, or STALE if the list is older than its maximum age. */
export const stateByAge = (asOf: WallMs | undefined, maxAgeMs: number, now: WallMs): KeptState =>
  asOf === undefined ? 'LOADING' : now - asOf <= maxAgeMs ? 'READY' : 'STALE';

/** A list that is read in parts, as users of the copy see it. */
export class KeptListView<T> implements KeptList<T> {
  readonly #channel: KeptChannel<T>;
  readonly #clock: Clock;

  constructor(channel: KeptChannel<T>, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  get state(): KeptState {
    const { failure } = this.#channel;
    if (failure?.isRefused === true || (failure !== undefined && this.objects === undefined)) return 'UNAVAILABLE';
    return stateByAge(this.asOf, this.#channel.options.maxAgeMs, this.#clock.wallMs());
  }

  get asOf(): WallMs | undefined {
    const { objects, asOf } = this.#channel.publisher.list;
    return objects && asOf;
  }

  get changedAt(): WallMs | undefined {
    return this.#channel.changedAt;
  }

  get nextRefreshAt(): WallMs | undefined {
    return this.#channel.sharedProgress.nextOn;
  }

  get progress(): number {
    const { ratio } = this.#channel.sharedProgress;
    return ratio ?? (this.objects === undefined ? 0 : 1);
  }

  get calls(): number {
    return callsOf(this.#channel.sharedProgress.last);
  }

  get error(): Error | undefined {
    const { replies, failure } = this.#channel;
    return replies.error ?? (failure && new Error(failure.message));
  }

  get neededShare(): number | undefined {
    return this.#channel.sharedProgress.neededShare;
  }

  get objects(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    return this.#channel.publisher.list.objects;
  }
}

const missingList = (state: 'LOADING' | 'UNAVAILABLE', error: Error | undefined): KeptList<never> => ({
  state,
  asOf: undefined,
  changedAt: undefined,
  nextRefreshAt: undefined,
  progress: 0,
  calls: 0,
  error,
  neededShare: undefined,
  objects: undefined,
});

/** A list that the copy does not hold: by the options, or because its organization is not known. */
export function missingListOf({ state, error, objects }: KeptList<unknown>): KeptList<never> {
  if (state === 'UNAVAILABLE') return missingList('UNAVAILABLE', error);
  if (objects?.size === 0) return missingList('UNAVAILABLE', new Error('The account is in no organization.'));
  return missingList('LOADING', undefined);
}
