import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import { type Clock, later, type MonotonicClock, type MonotonicMs, type Upstream } from '../upstream/index.ts';
import type { CursorKeys } from './cursor.ts';
import type { PollBudgets } from './schedule.ts';
import type { OverduePoller } from './types.ts';

/** What every part of the watcher works with. */
export interface WatchContext {
  readonly upstream: Upstream;
  readonly config: Config['watch'];
  readonly budgets: PollBudgets;
  readonly clock: Clock;
  /** 0 to 1, below 1. */
  readonly random: () => number;
  readonly cursorKeys: CursorKeys;
  readonly faults: FaultReporter;
  readonly overdue: OverdueReporter;
}

/** The log gets one line about faults in this time, in ms. */
const minLogIntervalMs = 60_000;

/** Exceptions where there should be none: defects of the gateway, which it survives, counts and logs. */
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

  /** `during`: what the gateway was doing. */
  report(err: unknown, during: string): void {
    this.#count += 1;
    const now = this.#clock.monotonicMs();
    if (now < this.#quietUntil) return;
    this.#quietUntil = later(now, minLogIntervalMs);
    this.#log?.error({ err, during, faults: this.#count }, 'internal fault; the watcher goes on. Please report it.');
  }

  /** Runs `work`. An exception in it is reported, and goes no further. */
  guard(during: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.report(error, during);
    }
  }
}

/** Logs that pollers are overdue, and that none is any more: once each, however many are. */
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
      'a poller is overdue: its subscribers get no events. /ready and orgql_watch_overdue_pollers show how many are',
    );
  }

  /** It has read again, or was stopped: nothing is to be read here any more, or another replica does. */
  reportRecovered(poller: object): void {
    this.#overdue.delete(poller);
    if (!this.#isReported || this.#overdue.size > 0) return;
    this.#isReported = false;
    this.#log?.info('no poller is overdue any more');
  }
}
