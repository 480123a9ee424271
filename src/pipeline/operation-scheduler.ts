import { GraphQLError } from 'graphql';
import type { Config } from '../config/index.ts';
import { limitError } from './errors.ts';
import { FairScheduler, QueueFull, type RunningTask } from './fair-scheduler.ts';
import { type Operation, subject } from './operation.ts';
import type { RatePerKey } from './rate-per-key.ts';

/** When to come again is not known: it is when other operations have ended. */
const RETRY_AFTER_MS = 1_000;

/** Runs operations by turns of their callers, and charges each caller for the time that its operations take. */
export class OperationScheduler {
  readonly #cpu: RatePerKey;
  readonly #limits: Config['limits'];
  readonly #scheduler: FairScheduler;

  /** `cpu`: the callers' time, in ms. */
  constructor(limits: Config['limits'], cpu: RatePerKey) {
    this.#cpu = cpu;
    this.#limits = limits;
    this.#scheduler = new FairScheduler(
      {
        concurrent: limits.concurrentOperations,
        queuedPerKey: limits.queuedOperations.perCaller,
        queued: limits.queuedOperations.total,
      },
      (key, ms, now) => cpu.charge(key, ms, now),
    );
  }

  /** Runs an operation, at once if it may. @throws GraphQLError when too many of its caller, or of all callers, wait already. */
  run<T>(operation: Operation, execute: (running: RunningTask) => T | Promise<T>): T | Promise<T> {
    try {
      return this.#scheduler.run(operation.limitKey, execute);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw error.bound === 'queued' ? overloaded() : this.#tooMany(operation);
    }
  }

  /** Resolves when an operation that has paused may go on for a while. */
  nextTurn({ limitKey }: Operation): Promise<void> {
    return this.#scheduler.nextTurn(limitKey);
  }

  /** Charges a caller for time that was used outside of `run` and `work`, in ms. */
  charge(limitKey: string, ms: number): void {
    this.#scheduler.charge(limitKey, ms);
  }

  /** Reads what a caller has sent: at once, or in the caller's turn. `read` must not throw. */
  read(limitKey: string, read: () => void): void {
    this.#scheduler.work(limitKey, read);
  }

  /** See `FairScheduler.accepted`. */
  accepted(): void {
    this.#scheduler.accepted();
  }

  /** Whether a caller has used more than its share of time, so that its operations are rejected. */
  isInDebt(limitKey: string): boolean {
    return this.#cpu.debtMs(limitKey) > 0;
  }

  #tooMany(operation: Operation): GraphQLError {
    const { concurrentOperations: maximum, queuedOperations } = this.#limits;
    return limitError(
      'CONCURRENCY_LIMIT_EXCEEDED',
      `${subject(operation)} has ${maximum} queries and mutations that run (limits.concurrentOperations), and ${queuedOperations.perCaller} that wait (limits.queuedOperations.perCaller). Try again when some have ended.`,
      { maximum, retryAfterMs: RETRY_AFTER_MS },
    );
  }
}

const overloaded = () =>
  new GraphQLError('The gateway has too many operations that wait (limits.queuedOperations.total). Try again later.', {
    extensions: { code: 'OVERLOADED', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } },
  });
