import type { Logger } from 'pino';

/** A poller whose next read, or next page, should have come long ago. */
export interface OverduePoller {
  readonly principal: string;
  /** The list, or `describe:<id>`. */
  readonly list: string;
  /** Since it should have read, in ms. */
  readonly overdueMs: number;
}

/** Logs that pollers are overdue, and that none is any more: once each, however many are. */
export class OverdueReporter {
  readonly #log: Pick<Logger, 'error' | 'info'> | undefined;
  readonly #overdue = new Set<object>();
  #reported = false;

  constructor(log: Pick<Logger, 'error' | 'info'> | undefined) {
    this.#log = log;
  }

  began(poller: object, which: OverduePoller): void {
    this.#overdue.add(poller);
    if (this.#reported) return;
    this.#reported = true;
    this.#log?.error(
      which,
      'a poller is overdue: its subscribers get no events. /ready and orgql_watch_overdue_pollers show how many are',
    );
  }

  /** It has read again, or was stopped: nothing is to be read here any more, or another replica does. */
  ended(poller: object): void {
    this.#overdue.delete(poller);
    if (!this.#reported || this.#overdue.size > 0) return;
    this.#reported = false;
    this.#log?.info('no poller is overdue any more');
  }
}
