import type { Clock, MonotonicMs, UpstreamError, UpstreamSession, WallMs } from '../upstream/index.ts';

interface ReadInFlight {
  readonly session: UpstreamSession;
  readonly deadline: MonotonicMs;
  /** Ends the read with a timeout error. */
  readonly cancel: () => void;
  /** When the last call of the read was noticed; `calls` is the number of calls then. */
  progressAt: MonotonicMs;
  calls: number;
}

/** The state of a poller from `start` to `stop`. */
export class PollerRun {
  /** Whether the next read does not wait for the budget. */
  skipsBudget: boolean;
  /** Aborts the read in flight. Each read has its own controller, so that listeners do not accumulate on one signal. */
  abort = new AbortController();
  failures = 0;
  /** Of the last read, if it failed. */
  error: UpstreamError | undefined;
  quietReads = 0;
  read: ReadInFlight | undefined;
  /** Whether a poll was requested during a read, which may have begun too early to show the change. */
  isPollRequested = false;
  /** The wall-clock time at which the last read began, to compare with AWS's expiry times. */
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
