import type { Config } from '../config.ts';
import type { Principal } from '../principal/principal.ts';
import { type Clock, type Upstream, UpstreamError } from '../upstream/index.ts';
import { nextPollAt, type PollBudget, type PollBudgets } from './schedule.ts';
import type { Source } from './sources.ts';

/** What every part of the watcher works with. */
export interface WatchContext {
  readonly upstream: Upstream;
  readonly config: Config['watch'];
  readonly budgets: PollBudgets;
  /** Compared with AWS's timestamps. */
  readonly clock: Clock;
  /** 0 to 1, below 1. */
  readonly random: () => number;
}

/** Whose list a poller reads. */
export interface PollTarget<T> {
  /** A read is about to begin. */
  readStarts(): void;
  /** A read is complete: this is everything there is. Says whether it changed anything, and whether another should follow at once. */
  readDone(objects: readonly T[]): { readonly changed: boolean; readonly inconclusive: boolean };
  /** A read failed, for the `failures`th time in a row. True goes on trying, later. */
  readFailed(error: UpstreamError, failures: number): boolean;
  /** Whether something is pending. */
  readonly restless: boolean;
  /** When AWS will next end something by itself, later than a time; both in ms since the epoch. */
  nextExpiry(after: number): number | undefined;
}

interface Run {
  /** Whether the next read need not wait for the budget. */
  atOnce: boolean;
  /** Ends the read in flight; each read has its own, so that nothing gathers on a signal of a long run. */
  abort: AbortController;
  failures: number;
  quietReads: number;
  /** Set while a call is in flight. */
  reading: boolean;
  /** Somebody asked for a look while a read was in flight, which may have begun too early to see what they know of. */
  lookAgain: boolean;
  /** When the last read began and ended, in ms since the epoch. */
  startedAt: number;
  endedAt: number;
  /** When the next read is due. */
  dueAt: number;
  cancelTimer: (() => void) | undefined;
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

  /** Reads at once, then keeps reading. */
  start(): void {
    if (this.#run !== undefined) return;
    const now = this.#context.clock.now();
    const atOnce = this.#source.beginsAtOnce;
    const run: Run = {
      atOnce,
      abort: new AbortController(),
      failures: 0,
      quietReads: 0,
      reading: false,
      lookAgain: false,
      startedAt: now,
      endedAt: now,
      dueAt: 0,
      cancelTimer: undefined,
    };
    this.#run = run;
    this.#schedule(run, atOnce ? now : Math.max(now, this.#budget.urgent));
  }

  /** Leaves no timer and no call behind. */
  stop(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.cancelTimer?.();
    run?.abort.abort();
  }

  /** Reads as soon as the budget allows. While AWS is failing, the wait that was decided on stays. */
  nudge(): void {
    const run = this.#run;
    if (run === undefined || run.failures > 0) return;
    if (run.reading) run.lookAgain = true;
    else this.#advance(run, Math.max(this.#context.clock.now(), this.#budget.urgent));
  }

  /** Decides anew when to read, after what is known changed without a read. */
  reconsider(): void {
    const run = this.#run;
    if (run === undefined || run.reading || run.failures > 0) return;
    if (this.#target.restless) run.quietReads = 0;
    this.#advance(run, this.#dueAt(run, run.endedAt));
  }

  #advance(run: Run, at: number): void {
    if (at < run.dueAt) this.#schedule(run, at);
  }

  #schedule(run: Run, at: number): void {
    run.cancelTimer?.();
    run.dueAt = at;
    run.cancelTimer = this.#context.clock.after(at - this.#context.clock.now(), () => void this.#poll(run));
  }

  async #poll(run: Run): Promise<void> {
    const { clock, upstream } = this.#context;
    // Others may have used the same budget up meanwhile.
    if (!run.atOnce && this.#budget.urgent > clock.now()) {
      this.#schedule(run, this.#budget.urgent);
      return;
    }
    run.atOnce = false;
    this.#budget.spend(1, clock.now());
    run.cancelTimer = undefined;
    run.reading = true;
    run.lookAgain = false;
    run.startedAt = clock.now();
    run.abort = new AbortController();
    this.#target.readStarts();
    const session = upstream.session(this.#principal, {
      priority: 'background',
      fresh: true,
      memoize: false,
      deadlineMs: Number.POSITIVE_INFINITY,
      signal: run.abort.signal,
    });
    let outcome: readonly T[] | UpstreamError;
    try {
      outcome = await this.#source.read(session);
    } catch (error) {
      outcome = this.#toUpstreamError(error);
    }
    if (this.#run !== run) return;
    run.reading = false;
    run.endedAt = clock.now();
    this.#budget.spend(Math.max(0, session.cost.calls - 1), run.endedAt);
    if (outcome instanceof UpstreamError) this.#failed(run, outcome);
    else this.#read(run, outcome);
  }

  #read(run: Run, objects: readonly T[]): void {
    run.failures = 0;
    const { changed, inconclusive } = this.#target.readDone(objects);
    // Its subscribers may have left at what they were told.
    if (this.#run !== run) return;
    run.quietReads = changed || this.#target.restless ? 0 : run.quietReads + 1;
    const now = this.#context.clock.now();
    const urgent = inconclusive || run.lookAgain;
    this.#schedule(run, urgent ? Math.max(now, this.#budget.urgent) : this.#dueAt(run, now));
  }

  #failed(run: Run, error: UpstreamError): void {
    run.failures += 1;
    const goOn = this.#target.readFailed(error, run.failures);
    if (this.#run !== run) return;
    if (goOn) this.#schedule(run, this.#dueAt(run, run.endedAt));
    else this.stop();
  }

  #dueAt(run: Run, from: number): number {
    const { config, random } = this.#context;
    const facts = {
      now: from,
      minIntervalMs: config.minIntervalMs,
      maxIntervalMs: config.maxIntervalMs,
      restless: this.#target.restless,
      quietReads: run.quietReads,
      failures: run.failures,
      nextExpiry: this.#target.nextExpiry(run.startedAt),
      random: random(),
    };
    return nextPollAt(facts, this.#budget);
  }

  /** The upstream rejects with nothing else; anything else is a fault of ours, which must not end the poller silently. */
  #toUpstreamError(error: unknown): UpstreamError {
    if (error instanceof UpstreamError) return error;
    return new UpstreamError(`${this.#source.operation} could not be read: ${String(error)}`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation: this.#source.operation,
      retryable: false,
      cause: error,
    });
  }
}
