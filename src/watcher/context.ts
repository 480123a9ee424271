import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import { type Clock, later, type MonotonicClock, type MonotonicMs, type Upstream } from '../upstream/index.ts';
import type { CallPacers } from './call-pacer.ts';
import type { CursorKeys } from './cursor.ts';
import type { PollBudgets } from './schedule.ts';
import type { OverduePoller } from './types.ts';

/** `warn` is optional, as only copies of organizations warn. */
export type WatchLog = Pick<Logger, 'error' | 'info'> & Partial<Pick<Logger, 'warn'>>;

/** The dependencies that all parts of the watcher share. */
export interface WatchContext {
  readonly upstream: Upstream;
  readonly config: Config['watch'];
  /** How long changes stay in the history, in ms. */
  readonly historyRetentionMs: number;
  readonly budgets: PollBudgets;
  readonly pacers: CallPacers;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly cursorKeys: CursorKeys;
  readonly faults: FaultReporter;
  readonly log: WatchLog | undefined;
  readonly overdue: OverdueReporter;
}

/** At most one fault is logged in this time, in ms. */
const minLogIntervalMs = 60_000;

/** Counts and logs unexpected exceptions, which are defects of the gateway. The watcher continues. */
export class FaultReporter {
  readonly #clock: MonotonicClock;
  readonly #log: Pick<Logger, 'error'> | undefined;
  #count = 0;
  #quietUntil = Number.NEGATIVE_INFINITY as MonotonicMs;

  constructor(clock: MonotonicClock, log: Pick<Logger, 'error'> | undefined) {
    this.#clock = clock;
    this.#log = log;
  }

  get count(): number {
    return this.#count;
  }

  /** `during`: the activity that failed. */
  report(err: unknown, during: string): void {
    this.#count += 1;
    const now = this.#clock.monotonicMs();
    if (now < this.#quietUntil) return;
    this.#quietUntil = later(now, minLogIntervalMs);
    this.#log?.error(
      { err, during, faults: this.#count },
      'The watcher has an internal fault and continues. Please report this error.',
    );
  }

  /** Runs `work`, and reports an exception instead of throwing it. */
  guard(during: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.report(error, during);
    }
  }
}

/** Logs once that pollers are overdue, and once that none is any more, however many are. */
export class OverdueReporter {
  readonly #log: Pick<Logger, 'error' | 'info'> | undefined;
  readonly #overdue = new Set<object>();
  #isReported = false;

  constructor(log: Pick<Logger, 'error' | 'info'> | undefined) {
    this.#log = log;
  }

  reportOverdue(poller: object, which: OverduePoller): void {
    this.#overdue.add(poller);
    if (this.#isReported) return;
    this.#isReported = true;
    this.#log?.error(
      which,
      'A poller is overdue: its subscribers receive no events. Check /ready and the metric orgql_watch_overdue_pollers.',
    );
  }

  /** The poller has read again, or was stopped. */
  reportRecovered(poller: object): void {
    this.#overdue.delete(poller);
    if (!this.#isReported || this.#overdue.size > 0) return;
    this.#isReported = false;
    this.#log?.info('No poller is overdue any more');
  }
}
