import type { Principal } from '../principal/principal.ts';
import {
  type Clock,
  later,
  type MonotonicMs,
  UpstreamError,
  type UpstreamSession,
  type WallMs,
} from '../upstream/index.ts';
import type { WatchContext } from './context.ts';
import { pollTimeout } from './errors.ts';
import type { Source } from './kinds.ts';
import { latest, nextPollAt, overdueAfterMs, type PollBudget } from './schedule.ts';

/** Whose list a poller reads. */
export interface PollTarget<T> {
  onReadStart(): void;
  /** A read is complete: this is everything there is. Says whether it changed anything, and whether another should follow at once. */
  onReadDone(objects: readonly T[]): { readonly changed: boolean; readonly inconclusive: boolean };
  /** A read failed, for the `failures`th time in a row. True goes on trying, later. */
  onReadFailed(error: UpstreamError, failures: number): boolean;
  readonly hasPendingChanges: boolean;
  /** When AWS will next end something by itself, later than a date. */
  nextExpiry(after: WallMs): WallMs | undefined;
}

interface ReadInFlight {
  readonly session: UpstreamSession;
  readonly deadline: MonotonicMs;
  /** Ends it as one that took too long. */
  readonly cancel: () => void;
  /** When it last made a call, as far as that was noticed, and how many it had made then. To begin with, that is its first. */
  progressAt: MonotonicMs;
  calls: number;
}

/** What a poller keeps from `start` to `stop`. */
class Run {
  /** Whether the next read need not wait for the budget. */
  skipsBudget: boolean;
  /** Ends the read in flight; each read has its own, so that nothing gathers on a signal of a long run. */
  abort = new AbortController();
  failures = 0;
  quietReads = 0;
  read: ReadInFlight | undefined;
  /** A read was requested while one was in flight, which may have begun too early to show the reason. */
  isPollRequested = false;
  /** The date at which the last read began, to compare with AWS's. */
  startedOn: WallMs;
  endedAt: MonotonicMs;
  dueAt: MonotonicMs;
  cancelTimer: (() => void) | undefined;
  cancelOverdueTimer: (() => void) | undefined;

  constructor(skipsBudget: boolean, clock: Clock) {
    this.skipsBudget = skipsBudget;
    this.startedOn = clock.wallMs();
    this.endedAt = clock.monotonicMs();
    this.dueAt = this.endedAt;
  }
}

/** Reads one list again and again, from `start` to `stop`; between them it has always one call in flight or one timer. */
export class Poller<T> {
  readonly #context: WatchContext;
  readonly #principal: Principal;
  readonly #source: Source<T>;
  readonly #target: PollTarget<T>;
  readonly #budget: PollBudget;
  #run: Run | undefined;

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

  /**
   * How long ago the next read should have begun, or the read in flight should have made its next call, in ms; undefined while that is recent enough.
   * It is computed from the time, not from a timer, so that a timer that never fires shows as well.
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
    return lateMs > overdueAfterMs(this.#context.config) ? lateMs : undefined;
  }

  start(): void {
    if (this.#run !== undefined) return;
    const { clock } = this.#context;
    const skipsBudget = this.#source.isFirstReadUrgent;
    const run = new Run(skipsBudget, clock);
    this.#run = run;
    this.#schedule(run, skipsBudget ? run.dueAt : latest(run.dueAt, this.#budget.urgent));
  }

  /** Leaves no timer and no call behind. */
  stop(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#context.overdue.reportRecovered(this);
    run?.cancelTimer?.();
    run?.cancelOverdueTimer?.();
    run?.abort.abort();
  }

  /** Reads as soon as the budget allows. While AWS is failing, the wait that was decided on stays. */
  pollNow(): void {
    const run = this.#run;
    if (run === undefined || run.failures > 0) return;
    if (run.read !== undefined) run.isPollRequested = true;
    else this.#scheduleEarlier(run, latest(this.#context.clock.monotonicMs(), this.#budget.urgent));
  }

  /** Decides anew when to read, after what is known changed without a read. */
  reschedule(): void {
    const run = this.#run;
    if (run === undefined || run.read !== undefined || run.failures > 0) return;
    if (this.#target.hasPendingChanges) run.quietReads = 0;
    this.#scheduleEarlier(run, this.#dueAt(run, run.endedAt));
  }

  #scheduleEarlier(run: Run, at: MonotonicMs): void {
    if (at < run.dueAt) this.#schedule(run, at);
  }

  #schedule(run: Run, at: MonotonicMs): void {
    const { clock } = this.#context;
    run.cancelTimer?.();
    run.dueAt = at;
    const waitMs = at - clock.monotonicMs();
    run.cancelTimer = clock.after(waitMs, () => this.#poll(run));
    this.#setOverdueTimer(run, Math.max(0, waitMs));
  }

  /** Looks whether the poller is overdue: `afterMs` from now and the usual allowance later, and at the latest when the read in flight has to end. */
  #setOverdueTimer(run: Run, afterMs: number): void {
    const { clock, config, overdue } = this.#context;
    const untilDeadline = (run.read?.deadline ?? Number.POSITIVE_INFINITY) - clock.monotonicMs();
    run.cancelOverdueTimer?.();
    run.cancelOverdueTimer = clock.after(Math.min(afterMs + overdueAfterMs(config) + 1, untilDeadline), () => {
      const { overdueMs } = this;
      const { name: principal } = this.#principal;
      if (overdueMs !== undefined) overdue.reportOverdue(this, { principal, list: this.#source.name, overdueMs });
      if (run.read !== undefined && run.read.deadline <= clock.monotonicMs()) run.read.cancel();
      else this.#setOverdueTimer(run, 0);
    });
  }

  /** Whatever is thrown on the way, the poller goes on: a poll that fails is followed by another. */
  #poll(run: Run): void {
    this.#pollOnce(run).catch((error: unknown) => {
      this.#context.faults.report(error, `polling ${this.#source.name}`);
      if (this.#run !== run) return;
      run.read = undefined;
      run.failures += 1;
      const { minIntervalMs, maxIntervalMs } = this.#context.config;
      this.#schedule(run, later(this.#context.clock.monotonicMs(), Math.max(minIntervalMs, maxIntervalMs)));
    });
  }

  async #pollOnce(run: Run): Promise<void> {
    const { clock } = this.#context;
    // Others may have used the same budget up meanwhile.
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
    // Its subscribers may have left because of what they received.
    if (this.#run !== run) return;
    if (done instanceof UpstreamError) this.#onFailure(run, done);
    else this.#onSuccess(run, done);
  }

  /** Everything that the list holds; rejects when that takes longer than `watch.pollDeadlineMs`. */
  #read(run: Run): Promise<readonly T[]> {
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
      this.#source.read(session).then(resolve, reject);
    });
  }

  #finishRead(run: Run): void {
    if (run.read === undefined) return;
    run.endedAt = this.#context.clock.monotonicMs();
    this.#budget.spend(Math.max(0, run.read.session.cost.calls - 1), run.endedAt);
    run.read = undefined;
    this.#context.overdue.reportRecovered(this);
  }

  #onSuccess(run: Run, { changed, inconclusive }: ReturnType<PollTarget<T>['onReadDone']>): void {
    run.failures = 0;
    run.quietReads = changed || this.#target.hasPendingChanges ? 0 : run.quietReads + 1;
    const now = this.#context.clock.monotonicMs();
    const urgent = inconclusive || run.isPollRequested;
    this.#schedule(run, urgent ? latest(now, this.#budget.urgent) : this.#dueAt(run, now));
  }

  #onFailure(run: Run, error: UpstreamError): void {
    run.failures += 1;
    const isRetried = this.#target.onReadFailed(error, run.failures);
    if (this.#run !== run) return;
    if (isRetried) this.#schedule(run, this.#dueAt(run, run.endedAt));
    else this.stop();
  }

  #dueAt(run: Run, from: MonotonicMs): MonotonicMs {
    const { clock, config, random } = this.#context;
    const expiry = this.#target.nextExpiry(run.startedOn);
    const sinceMs = clock.monotonicMs() - from;
    const facts = {
      now: from,
      minIntervalMs: config.minIntervalMs,
      maxIntervalMs: config.maxIntervalMs,
      hasPendingChanges: this.#target.hasPendingChanges,
      quietReads: run.quietReads,
      failures: run.failures,
      expiresInMs: expiry && expiry - clock.wallMs() + sinceMs,
      random: random(),
    };
    return nextPollAt(facts, this.#budget);
  }

  /** The upstream rejects with nothing else; any other exception means that a reply was worse than its checks know. */
  #toUpstreamError(error: unknown): UpstreamError {
    if (error instanceof UpstreamError) return error;
    const { operation, name } = this.#source;
    this.#context.faults.report(error, `reading ${name}`);
    return new UpstreamError(`The reply to ${operation} could not be processed; the gateway's log says why.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation,
      retryable: false,
      cause: error,
    });
  }
}
