import { setMaxListeners } from 'node:events';
import { type Clock, later, type MonotonicMs, UpstreamError, type WallMs } from '../upstream/index.ts';
import { Activity } from './activity.ts';
import { callPriorities } from './call-pacer.ts';
import type { WatchContext } from './context.ts';
import { isRefusal } from './errors.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { KeptState } from './kept-state.ts';
import { type PageTarget, PartCheck } from './part-check.ts';
import { type PartPage, type PartReader, pause } from './part-reader.ts';
import { PartTimes } from './part-times.ts';
import { RequestedReads } from './requested-reads.ts';
import { type RequestedSweep, requestSweep } from './requested-sweep.ts';
import { overdueAfterMs } from './schedule.ts';
import type { SweepCost, SweepProgress } from './sweep-progress.ts';
import { SweepRun } from './sweep-run.ts';
import { lastingCost, nextSweepOn, type Shortfall, shortfallOf } from './sweep-schedule.ts';
import type { KnownLists, PartialRead, Sweep } from './sweep-types.ts';

/** Receives what a sweeper finds. Promises resolve when it is published. */
export interface SweepTarget<T> {
  readonly known: KeptState<T>;
  onPage(page: PartPage<T>, touches: boolean, cause?: ChangeCause): Promise<void>;
  onGone: PageTarget<T>['onGone'];
  onComplete(): Promise<void>;
  /** Called when `Sweeper.asOf` has changed without a page. */
  onAged(): void;
  /** AWS refuses the list, so that it is not read for a while. */
  onRefused(error: UpstreamError): void;
}

export interface SweeperOptions<T> {
  readonly context: Pick<WatchContext, 'clock' | 'config' | 'random' | 'faults'>;
  readonly sweep: Sweep<T>;
  readonly lists: KnownLists;
  readonly reader: PartReader;
  readonly target: SweepTarget<T>;
  readonly maxAgeMs: number;
  /** The share of each operation's rate, 0 to 1. */
  readonly share: number;
  /** The place of the list in the order of sweeps, from 0. */
  readonly rank: number;
  readonly onShortfall: (shortfall: Shortfall) => void;
}

/** An internal fault delays the next sweep by this time, in ms. */
const faultPauseMs = 60_000;

/**
 * Keeps one list up to date from `start` to `stop`: sweeps it again before it is too old, and reads requested parts.
 */
export class Sweeper<T> {
  readonly #options: SweeperOptions<T>;
  readonly #clock: Clock;
  readonly #times = new PartTimes();
  readonly #changes = new Activity();
  readonly #refreshes = new Activity();
  readonly #check: PartCheck<T>;
  readonly #requested: RequestedReads<T>;
  #abort: AbortController | undefined;
  #run: SweepRun<T> | undefined;
  #last: SweepCost | undefined;
  #requestedSweep: RequestedSweep | undefined;
  #nextOn: WallMs | undefined;
  /** When the timer of the next sweep fires, while it runs. */
  #dueAt: MonotonicMs | undefined;
  #shortfall: Shortfall | undefined;

  constructor(options: SweeperOptions<T>) {
    this.#options = options;
    this.#clock = options.context.clock;
    const { sweep, lists, reader, target } = options;
    const pageTarget: PageTarget<T> = {
      onPage: (page, cause) => target.onPage(page, this.#run?.touches ?? false, cause),
      onGone: (ids, sentAt, cause) => target.onGone(ids, sentAt, cause),
    };
    this.#check = new PartCheck(sweep, lists, { reader, state: target.known, target: pageTarget });
    this.#requested = new RequestedReads(this.#check, (key, startedOn) => {
      this.#run?.markRead(key);
      if (this.#times.has(key)) this.#times.set(key, startedOn);
      this.#changes.notify();
    });
  }

  get running(): boolean {
    return this.#abort !== undefined;
  }

  /** The start of the oldest read of this process; undefined before the list was read completely. */
  get asOf(): WallMs | undefined {
    return this.#times.asOf;
  }

  /** Whether the next sweep, or a call in flight, is so late that another process should read the list. */
  get isOverdue(): boolean {
    const { reader, context } = this.#options;
    const waitingSince = Math.min(
      this.#dueAt ?? Number.POSITIVE_INFINITY,
      reader.waitsSince ?? Number.POSITIVE_INFINITY,
    );
    return this.running && this.#clock.monotonicMs() - waitingSince > overdueAfterMs(context.config);
  }

  /** For the next leader, and for the other processes. */
  get progress(): SweepProgress {
    const neededShare = this.#shortfall?.neededShare;
    return { last: this.#last, sweep: this.#run?.stored, ratio: this.#run?.ratio, nextOn: this.#nextOn, neededShare };
  }

  /**
   * Starts to keep the list up to date. `asOf`: of the published list; undefined if it was never read completely.
   */
  start({ last, sweep }: SweepProgress, asOf: WallMs | undefined): void {
    if (this.#abort !== undefined) return;
    this.#abort = new AbortController();
    // Every part that waits or is read listens.
    setMaxListeners(0, this.#abort.signal);
    this.#last = last;
    this.#times.clear();
    this.#times.floor = asOf;
    const { maxAgeMs } = this.#options;
    const isUsable = sweep !== undefined && (asOf === undefined || this.#clock.wallMs() - sweep.startedOn < maxAgeMs);
    const stored = isUsable ? sweep : undefined;
    this.#nextOn = stored !== undefined || asOf === undefined ? this.#clock.wallMs() : this.#dueOn(asOf);
    void this.#loop(stored, this.#abort.signal);
  }

  stop(reason = new Error('The list is no longer read by this process.')): void {
    this.#abort?.abort(reason);
    this.#abort = undefined;
    this.#run = undefined;
    this.#nextOn = undefined;
    this.#takeRequest()?.reject(reason);
  }

  /** Resolves after a sweep that begins from now on. Rejects when AWS refuses it, and when the sweeper is stopped. */
  refresh(): Promise<void> {
    if (this.#abort === undefined) return Promise.reject(new Error('The list is not read by this process.'));
    this.#requestedSweep ??= requestSweep();
    this.#refreshes.notify();
    return this.#requestedSweep.done;
  }

  /** Like `request`, or `refresh` without a part. However often it is called, it takes no more memory. */
  requestSoon(part: PartialRead<T> | undefined, cause?: ChangeCause): void {
    if (!this.running || (part !== undefined && this.#requested.repeat(part.key, cause))) return;
    if (part !== undefined && !this.#requested.isFull) this.request(part, cause).catch(() => undefined);
    else void this.refresh();
  }

  /** Resolves after a read of the part that begins from now on. Rejects like `refresh`. */
  async request(part: PartialRead<T>, cause?: ChangeCause): Promise<void> {
    const signal = this.#abort?.signal;
    if (signal === undefined || this.#requested.isFull) return await this.refresh();
    try {
      await this.#requested.add(part, signal, cause);
    } catch (error) {
      if (error instanceof UpstreamError && isRefusal(error)) this.#options.target.onRefused(error);
      throw error;
    }
  }

  /** An object of another list was removed. */
  removeOrphansOf(id: string): void {
    const part = this.#options.sweep.partOf?.(id, this.#options.lists);
    if (part !== undefined && this.#times.markGone(part.key)) this.#options.target.onAged();
    this.#check.removeOrphansOf(id).catch((error: unknown) => this.#options.context.faults.report(error, 'removing'));
  }

  /**
   * An object of a list was added that determines the parts: reads the part that it adds, as the next sweep may be far.
   * Until then the list is only complete as of `knownOn`, when that list was.
   */
  addPartOf(id: string, knownOn: WallMs): void {
    const { sweep, lists, target, context } = this.#options;
    const part = this.#times.asOf === undefined ? undefined : sweep.partOf?.(id, lists);
    if (part === undefined || this.#times.isRead(part.key)) return;
    const known = target.known.get(id);
    // A write has shown it already: tags of a new unit.
    if (known !== undefined && sweep.sectionOf(known.object) === id) return;
    this.#times.addUnread(part.key, knownOn);
    target.onAged();
    // If AWS refuses it, the next sweep reads it.
    this.request(part).then(
      () => context.faults.guard('reading a new part', () => target.onAged()),
      () => undefined,
    );
  }

  /** A list has changed that determines the parts. */
  onListsChanged(): void {
    this.#changes.notify();
  }

  async #loop(stored: SweepProgress['sweep'], signal: AbortSignal): Promise<void> {
    let restored = stored;
    while (!signal.aborted) {
      try {
        if (restored === undefined) await this.#untilDue(signal);
        await this.#sweep(restored, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#onSweepFailed(error);
      }
      restored = undefined;
    }
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    if (this.#requestedSweep !== undefined) return;
    const waitMs = Math.max(0, (this.#nextOn ?? 0) - this.#clock.wallMs());
    const pauseMs = Math.min(waitMs, this.#options.maxAgeMs);
    const refreshed = new AbortController();
    this.#dueAt = later(this.#clock.monotonicMs(), pauseMs);
    const timer = pause(this.#clock, pauseMs, AbortSignal.any([signal, refreshed.signal]));
    const refresh = this.#refreshes.after(this.#refreshes.count, AbortSignal.any([signal, refreshed.signal]));
    try {
      await Promise.race([timer, refresh]);
    } finally {
      this.#dueAt = undefined;
      refreshed.abort();
      await Promise.allSettled([timer, refresh]);
    }
  }

  async #sweep(restored: SweepProgress['sweep'], signal: AbortSignal): Promise<void> {
    const { sweep, lists, target, rank } = this.#options;
    const request = this.#takeRequest();
    this.#nextOn = undefined;
    const run = new SweepRun<T>(
      {
        sweep,
        lists,
        state: target.known,
        check: this.#check,
        times: this.#times,
        changes: this.#changes,
        now: () => ({ ms: this.#clock.monotonicMs(), date: this.#clock.wallMs() }),
        priority: callPriorities.sweep + rank,
        lastCalls: callsOf(this.#last),
        onCounted: () => this.#noteShortfall(run),
      },
      restored,
    );
    this.#run = run;
    try {
      await run.run(signal);
      signal.throwIfAborted();
      this.#last = lastingCost(run.cost, this.#last);
      this.#noteShortfall(run);
      // A list without parts is as old as its sweep.
      if (this.#times.oldestRead === undefined) this.#times.floor = run.startedOn;
      this.#run = undefined;
      this.#nextOn = this.#dueOn(this.#times.oldestRead ?? run.startedOn);
      await target.onComplete();
      request?.resolve();
    } catch (error) {
      // After a stop, the next run may have begun.
      if (this.#run === run) this.#run = undefined;
      request?.reject(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #onSweepFailed(error: unknown): void {
    const { context, target, maxAgeMs } = this.#options;
    const isRefused = error instanceof UpstreamError && isRefusal(error);
    const pauseMs = isRefused ? maxAgeMs * (1 - context.random() / 10) : faultPauseMs;
    this.#nextOn = (this.#clock.wallMs() + pauseMs) as WallMs;
    if (isRefused) target.onRefused(error);
    else context.faults.report(error, `sweeping ${this.#options.sweep.list}`);
  }

  #dueOn(asOf: WallMs): WallMs {
    return nextSweepOn({ asOf, maxAgeMs: this.#options.maxAgeMs, last: this.#last });
  }

  #noteShortfall(run: SweepRun<T>): void {
    const { maxAgeMs, share, reader, onShortfall } = this.#options;
    const partMs = Math.max(run.cost.partMs, this.#last?.partMs ?? 0);
    const before = this.#shortfall;
    this.#shortfall = shortfallOf(run.leastCalls, { maxAgeMs, share, partMs }, (name) => reader.intervalMs(name));
    if (before === undefined && this.#shortfall !== undefined) onShortfall(this.#shortfall);
  }

  #takeRequest(): RequestedSweep | undefined {
    const request = this.#requestedSweep;
    this.#requestedSweep = undefined;
    return request;
  }
}

export const callsOf = (cost: SweepCost | undefined): number =>
  Object.values(cost?.calls ?? {}).reduce((sum, calls) => sum + calls, 0);
