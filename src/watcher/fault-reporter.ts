import type { Logger } from 'pino';
import { later, type MonotonicClock, type MonotonicMs } from '../upstream/index.ts';

/** The log gets one line about faults in this time, in ms. */
const quietMs = 60_000;

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

  /** Faults since the start. */
  get count(): number {
    return this.#count;
  }

  /** `during`: what the gateway was doing. */
  report(err: unknown, during: string): void {
    this.#count += 1;
    const now = this.#clock.monotonicMs();
    if (now < this.#quietUntil) return;
    this.#quietUntil = later(now, quietMs);
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
