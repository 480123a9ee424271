import type { Principal } from '../principal/principal.ts';
import { later, type MonotonicMs, UpstreamError, type WallMs } from '../upstream/index.ts';
import type { Pace } from './channel-uses.ts';
import type { WatchContext } from './context.ts';
import { pollTimeout } from './errors.ts';
import type { Source } from './kinds.ts';
import { pacedSession } from './paced-session.ts';
import { PollerRun } from './poller-run.ts';
import { latest, nextPollAt, overdueAfterMs, type PollBudget } from './schedule.ts';

/** Receives the results of a poller. */
export interface PollTarget<T> {
  onReadStart(): void;
  /**
   * Receives the complete list. Returns whether it changed anything, and whether another read should follow at once.
   */
  onReadDone(objects: readonly T[]): { readonly changed: boolean; readonly inconclusive: boolean };
  /** Receives the error of the `failures`th failed read in a row. Returns whether to retry later. */
  onReadFailed(error: UpstreamError, failures: number): boolean;
  readonly hasPendingChanges: boolean;
  /** How often to poll, if not as `watch` says. */
  readonly pace: Pace | undefined;
  /** Returns the first expiry of a pending object after a date. */
  nextExpiry(after: WallMs): WallMs | undefined;
}

/** Polls one list from `start` to `stop`. In between there is always one read in flight or one timer. */
export class Poller<T> {
  readonly #context: WatchContext;
  readonly #principal: Principal;
  readonly #source: Source<T>;
  readonly #target: PollTarget<T>;
  readonly #budget: PollBudget;
  #run: PollerRun | undefined;
  /** The number of calls of the last read. */
  lastCalls = 0;
  /** When a complete read of this or another process has ended last. */
  lastReadOn: WallMs | undefined;

  constructor(context: WatchContext, principal: Principal, source: Source<T>, target: PollTarget<T>) {
    this.#context = context;
    this.#principal = principal;
    this.#source = source;
    this.#target = target;
    this.#budget = context.budgets.of(principal, source.operation);
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** The time between two reads at the moment, in ms; the longest one while another process polls. */
  get intervalMs(): number {
    const { minIntervalMs, maxIntervalMs } = this.#pace;
    return this.#run === undefined ? maxIntervalMs : Math.max(minIntervalMs, this.#run.dueAt - this.#run.endedAt);
  }

  /** Why the last read failed; undefined after a success. */
  get error(): UpstreamError | undefined {
    return this.#run?.error;
  }

  /**
   * How late the next read, or the next call of the read in flight, is, in ms; undefined while it is not overdue. It is
   * computed from the time, so that it also detects a timer that never fires.
   */
  get overdueMs(): number | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    const now = this.#context.clock.monotonicMs();
    const { read } = run;
    if (read !== undefined && read.session.cost.calls > read.calls) {
      read.calls = read.session.cost.calls;
      read.progressAt = now;
    }
    const lateMs = now - (read?.progressAt ?? run.dueAt);
    return lateMs > overdueAfterMs(this.#pace) ? lateMs : undefined;
  }

  start(): void {
    if (this.#run !== undefined) return;
    const { clock } = this.#context;
    const skipsBudget = this.#source.isFirstReadUrgent;
    const run = new PollerRun(skipsBudget, clock);
    this.#run = run;
    this.#schedule(run, skipsBudget ? run.dueAt : latest(run.dueAt, this.#budget.urgent));
  }

  /** Cancels the timer and the read in flight. */
  stop(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#context.overdue.reportRecovered(this);
    run?.cancelTimer?.();
    run?.cancelOverdueTimer?.();
    run?.abort.abort();
  }

  /** Polls as soon as the budget allows. While reads fail, the backoff stays. */
  pollNow(): void {
    const run = this.#run;
    if (run === undefined || run.failures > 0) return;
    if (run.read !== undefined) run.isPollRequested = true;
    else this.#scheduleEarlier(run, latest(this.#context.clock.monotonicMs(), this.#budget.urgent));
  }

  /** Computes the time of the next poll again after an own write has changed the state. */
  reschedule(): void {
    const run = this.#run;
    if (run === undefined || run.read !== undefined || run.failures > 0) return;
    if (this.#target.hasPendingChanges) run.quietReads = 0;
    this.#scheduleEarlier(run, this.#dueAt(run, run.endedAt));
  }

  #scheduleEarlier(run: PollerRun, at: MonotonicMs): void {
    if (at < run.dueAt) this.#schedule(run, at);
  }

  #schedule(run: PollerRun, at: MonotonicMs): void {
    const { clock } = this.#context;
    run.cancelTimer?.();
    run.dueAt = at;
    const waitMs = at - clock.monotonicMs();
    run.cancelTimer = clock.after(waitMs, () => this.#poll(run));
    this.#setOverdueTimer(run, Math.max(0, waitMs));
  }

  /**
   * Checks whether the poller is overdue, `overdueAfterMs` after the due time in `afterMs`, and at the read's deadline
   * at the latest.
   */
  #setOverdueTimer(run: PollerRun, afterMs: number): void {
    const { clock, overdue } = this.#context;
    const untilDeadline = (run.read?.deadline ?? Number.POSITIVE_INFINITY) - clock.monotonicMs();
    run.cancelOverdueTimer?.();
    run.cancelOverdueTimer = clock.after(Math.min(afterMs + overdueAfterMs(this.#pace) + 1, untilDeadline), () => {
      const { overdueMs } = this;
      const { name: principal } = this.#principal;
      if (overdueMs !== undefined) overdue.reportOverdue(this, { principal, list: this.#source.name, overdueMs });
      if (run.read !== undefined && run.read.deadline <= clock.monotonicMs()) run.read.cancel();
      else this.#setOverdueTimer(run, 0);
    });
  }

  /** Whatever is thrown on the way, the poller goes on: a poll that fails is followed by another. */
  #poll(run: PollerRun): void {
    this.#pollOnce(run).catch((error: unknown) => {
      this.#context.faults.report(error, `polling ${this.#source.name}`);
      if (this.#run !== run) return;
      run.read = undefined;
      run.failures += 1;
      const { minIntervalMs, maxIntervalMs } = this.#pace;
      this.#schedule(run, later(this.#context.clock.monotonicMs(), Math.max(minIntervalMs, maxIntervalMs)));
    });
  }

  async #pollOnce(run: PollerRun): Promise<void> {
    const { clock } = this.#context;
    // Other pollers may have used the budget meanwhile.
    if (!run.skipsBudget && this.#budget.urgent > clock.monotonicMs()) {
      this.#schedule(run, this.#budget.urgent);
      return;
    }
    run.skipsBudget = false;
    this.#budget.spend(1, clock.monotonicMs());
    run.cancelTimer = undefined;
    run.isPollRequested = false;
    let done: ReturnType<PollTarget<T>['onReadDone']> | UpstreamError;
    try {
      const objects = await this.#read(run);
      if (this.#run !== run) return;
      this.#finishRead(run);
      done = this.#target.onReadDone(objects);
    } catch (error) {
      if (this.#run !== run) return;
      this.#finishRead(run);
      done = this.#toUpstreamError(error);
    }
    // A subscriber may have left in a callback, which stops the poller.
    if (this.#run !== run) return;
    if (done instanceof UpstreamError) this.#onFailure(run, done);
    else this.#onSuccess(run, done);
  }

  /** Reads the complete list. Rejects when that takes longer than `watch.pollDeadlineMs`. */
  #read(run: PollerRun): Promise<readonly T[]> {
    const { clock, config, upstream } = this.#context;
    run.startedOn = clock.wallMs();
    run.abort = new AbortController();
    const session = upstream.session(this.#principal, {
      priority: 'background',
      fresh: true,
      memoize: false,
      deadlineMs: Number.POSITIVE_INFINITY,
      signal: run.abort.signal,
    });
    this.#target.onReadStart();
    return new Promise((resolve, reject) => {
      const progressAt = clock.monotonicMs();
      const cancel = () => {
        reject(pollTimeout(this.#source.operation, config.pollDeadlineMs, session.cost.calls));
        run.abort.abort();
      };
      run.read = { session, deadline: later(progressAt, config.pollDeadlineMs), cancel, progressAt, calls: 1 };
      this.#setOverdueTimer(run, 0);
      const { pace } = this.#target;
      const reading = pace === undefined ? session : pacedSession(session, pace, run.abort.signal);
      this.#source.read(reading).then(resolve, reject);
    });
  }

  #finishRead(run: PollerRun): void {
    if (run.read === undefined) return;
    run.endedAt = this.#context.clock.monotonicMs();
    this.lastCalls = run.read.session.cost.calls;
    this.#budget.spend(Math.max(0, run.read.session.cost.calls - 1), run.endedAt);
    run.read = undefined;
    this.#context.overdue.reportRecovered(this);
  }

  #onSuccess(run: PollerRun, { changed, inconclusive }: ReturnType<PollTarget<T>['onReadDone']>): void {
    run.failures = 0;
    run.error = undefined;
    this.lastReadOn = this.#context.clock.wallMs();
    run.quietReads = changed || this.#target.hasPendingChanges ? 0 : run.quietReads + 1;
    const now = this.#context.clock.monotonicMs();
    const urgent = inconclusive || run.isPollRequested;
    this.#schedule(run, urgent ? latest(now, this.#budget.urgent) : this.#dueAt(run, now));
  }

  #onFailure(run: PollerRun, error: UpstreamError): void {
    run.failures += 1;
    run.error = error;
    const isRetried = this.#target.onReadFailed(error, run.failures);
    if (this.#run !== run) return;
    if (isRetried) this.#schedule(run, this.#dueAt(run, run.endedAt));
    else this.stop();
  }

  get #pace(): Pick<Pace, 'minIntervalMs' | 'maxIntervalMs'> {
    return this.#target.pace ?? this.#context.config;
  }

  #dueAt(run: PollerRun, from: MonotonicMs): MonotonicMs {
    const { clock, random } = this.#context;
    const { minIntervalMs, maxIntervalMs } = this.#pace;
    const expiry = this.#target.nextExpiry(run.startedOn);
    const sinceMs = clock.monotonicMs() - from;
    const facts = {
      now: from,
      minIntervalMs,
      maxIntervalMs,
      hasPendingChanges: this.#target.hasPendingChanges,
      quietReads: run.quietReads,
      failures: run.failures,
      expiresInMs: expiry && expiry - clock.wallMs() + sinceMs,
      random: random(),
    };
    return nextPollAt(facts, this.#budget);
  }

  /** Any error other than an `UpstreamError` means that a malformed reply has passed the checks. */
  #toUpstreamError(error: unknown): UpstreamError {
    if (error instanceof UpstreamError) return error;
    const { operation, name } = this.#source;
    this.#context.faults.report(error, `reading ${name}`);
    return new UpstreamError(`The reply to ${operation} cannot be processed. See the gateway's log for the reason.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation,
      retryable: false,
      cause: error,
    });
  }
}
