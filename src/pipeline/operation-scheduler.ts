import { GraphQLError } from 'graphql';
import type { Config } from '../config/index.ts';
import type { RatePerKey } from '../token-bucket.ts';
import { limitError } from './errors.ts';
import { FairScheduler, QueueFull, type RunningTask } from './fair-scheduler.ts';
import { type Operation, subject } from './operation.ts';

/** When to come again is not known: it is when other operations have ended. */
const RETRY_AFTER_MS = 1_000;

/** Runs operations by turns of their callers, and charges each caller for the time that its operations take. */
export class OperationScheduler extends FairScheduler {
  readonly #cpu: RatePerKey;
  readonly #limits: Config['limits'];

  /** `cpu`: the callers' time, in ms. */
  constructor(limits: Config['limits'], cpu: RatePerKey) {
    const { concurrentOperations: concurrent, queuedOperations } = limits;
    super({ concurrent, queuedPerKey: queuedOperations.perCaller, queued: queuedOperations.total }, (key, ms, now) =>
      cpu.charge(key, ms, now),
    );
    this.#cpu = cpu;
    this.#limits = limits;
  }

  /** Runs an operation, at once if it may. @throws GraphQLError when too many of its caller, or of all callers, wait already. */
  runOperation<T>(operation: Operation, execute: (running: RunningTask) => T | Promise<T>): T | Promise<T> {
    try {
      return this.run(operation.limitKey, execute);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw error.bound === 'queued' ? overloaded() : this.#tooMany(operation);
    }
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
