import { type Clock, later, type WallMs } from '../upstream/index.ts';
import type { CallPacer } from './call-pacer.ts';
import type { Channel } from './channel.ts';
import type { ChannelLease } from './channel-lease.ts';
import { isPermanent, WatchError } from './errors.ts';
import type { HistorySource } from './history/history-writer.ts';
import type { ObservedObject } from './journal.ts';
import { stateByAge } from './kept-list-view.ts';
import type { KeptList, KeptListName, KeptState } from './kept-types.ts';
import { settleMs } from './list-state.ts';
import type { ObjectChanges } from './object-changes.ts';
import type { WriteEffect } from './own-writes.ts';
import type { WatchedList } from './types.ts';

interface WatchedCopyOptions {
  readonly clock: Clock;
  readonly maxAgeMs: number;
  /** The share of the operation's rate, 0 to 1. */
  readonly share: number;
  readonly pacer: CallPacer;
}

/** A list whose reads fail is read again after this time, in ms. */
const retryMs = 60_000;

/** A list of the copy that subscribers may watch, too: both share its poller. */
class WatchedCopy<T> implements KeptList<T> {
  readonly #channel: Channel<T>;
  readonly #options: WatchedCopyOptions;
  #changedAt: WallMs | undefined;
  #cancelVerification: (() => void) | undefined;
  #lease: ChannelLease | undefined;
  #error: Error | undefined;
  #cancelRetry: (() => void) | undefined;
  #removeListener: (() => void) | undefined;
  #isRefreshing = false;
  /** Whether another refresh was requested during one. */
  #refreshesAgain = false;

  constructor(channel: Channel<T>, options: WatchedCopyOptions) {
    this.#channel = channel;
    this.#options = options;
  }

  start(onChange: (changes: ObjectChanges) => void): void {
    this.#removeListener = this.#channel.publisher.list.onChange((changes) => {
      this.#error = undefined;
      onChange(changes);
    });
    this.#acquire();
  }

  get historySource(): HistorySource {
    const channel = this.#channel;
    return { list: channel.publisher.list, isLeading: () => channel.polling };
  }

  /**
   * Reads the list once more, also if AWS has refused it. However often it is called, at most one further read waits.
   */
  refresh(): void {
    if (this.#lease === undefined) {
      this.#cancelRetry?.();
      this.#acquire();
    } else if (this.#isRefreshing) this.#refreshesAgain = true;
    else {
      this.#isRefreshing = true;
      const onEnd = () => {
        const isRepeated = this.#refreshesAgain && this.#lease !== undefined;
        this.#isRefreshing = false;
        this.#refreshesAgain = false;
        if (isRepeated) this.refresh();
      };
      this.#lease.nextRead().then(onEnd, onEnd);
    }
  }

  /** An own write may have changed the list. `isApplied`: whether the process that leads knows how. */
  onWrite(isApplied: boolean): void {
    if (isApplied && this.#channel.polling) return;
    const { clock } = this.#options;
    const changedAt = clock.wallMs();
    this.#changedAt = changedAt;
    this.#cancelVerification?.();
    this.#cancelVerification = clock.after(settleMs, () => {
      const onRead = () => {
        if (this.#changedAt === changedAt) this.#changedAt = undefined;
      };
      // Without a read now, a later one shows the change.
      this.#lease?.nextRead().then(onRead, () => undefined);
    });
  }

  release(): void {
    this.#cancelVerification?.();
    this.#cancelRetry?.();
    this.#removeListener?.();
    this.#lease?.release();
    this.#lease = undefined;
  }

  get state(): KeptState {
    const isRefused = this.#error !== undefined && isRefusedBy(this.#error);
    if (isRefused || (this.#error !== undefined && this.objects === undefined)) return 'UNAVAILABLE';
    return stateByAge(this.asOf, this.#options.maxAgeMs, this.#options.clock.wallMs());
  }

  get asOf(): WallMs | undefined {
    const { objects, asOf } = this.#channel.publisher.list;
    return objects && asOf;
  }

  get changedAt(): WallMs | undefined {
    return this.#changedAt;
  }

  get nextRefreshAt(): WallMs | undefined {
    const { pace } = this.#channel;
    return pace && this.asOf && later(this.asOf, pace.minIntervalMs);
  }

  get progress(): number {
    return this.objects === undefined ? 0 : 1;
  }

  get calls(): number {
    return this.#channel.poller.lastCalls;
  }

  get error(): Error | undefined {
    return this.#error;
  }

  get objects(): ReadonlyMap<string, ObservedObject<T>> | undefined {
    return this.#channel.publisher.list.objects;
  }

  #acquire(): void {
    const { maxAgeMs, share, pacer } = this.#options;
    this.#lease?.release();
    this.#lease = this.#channel.acquire({ maxAgeMs, share, pacer, onStop: (error) => this.#onStop(error) });
    this.#lease.nextRead().then(
      () => {
        this.#error = undefined;
      },
      () => undefined,
    );
  }

  /** AWS refuses the list, its reads fail, or the journal does. */
  #onStop(error: Error): void {
    const { clock, maxAgeMs } = this.#options;
    this.#error = error;
    const lease = this.#lease;
    this.#lease = undefined;
    lease?.release();
    const pauseMs = isRefusedBy(error) ? maxAgeMs : retryMs;
    this.#cancelRetry = clock.after(pauseMs, () => this.#acquire());
  }
}

const isRefusedBy = (error: Error): boolean =>
  isPermanent(error) ||
  (error instanceof WatchError && (error.code === 'ACCESS_LOST' || error.code === 'NOT_IN_ORGANIZATION'));

type AnyWatchedCopy = KeptList<unknown> &
  Pick<WatchedCopy<unknown>, 'start' | 'refresh' | 'onWrite' | 'release' | 'historySource'>;

/** The lists of a copy that subscribers may watch, too. */
export class WatchedCopies {
  readonly #copies = new Map<KeptListName, AnyWatchedCopy>();

  add<T>(list: WatchedList, channel: Channel<T>, options: WatchedCopyOptions): void {
    this.#copies.set(list, new WatchedCopy(channel, options));
  }

  list(name: KeptListName): KeptList<unknown> | undefined {
    return this.#copies.get(name);
  }

  start(onChange: (list: KeptListName, changes: ObjectChanges) => void): void {
    for (const [list, copy] of this.#copies) copy.start((changes) => onChange(list, changes));
  }

  /** The logs of the lists, for the history. */
  *sources(): Generator<readonly [KeptListName, HistorySource]> {
    for (const [list, copy] of this.#copies) yield [list, copy.historySource];
  }

  refresh(list: KeptListName): void {
    this.#copies.get(list)?.refresh();
  }

  onWrite({ home, listsToPoll }: Pick<WriteEffect, 'home' | 'listsToPoll'>): void {
    if (home !== undefined) this.#copies.get(home)?.onWrite(true);
    for (const list of listsToPoll) this.#copies.get(list)?.onWrite(false);
  }

  release(): void {
    for (const copy of this.#copies.values()) copy.release();
  }
}
