import {
  createRandom,
  type Failure,
  type FailureRule,
  type Faults,
  type Latency,
  noFaults,
  sampleLatency,
} from '../faults/faults.ts';
import { Throttle } from '../faults/throttle.ts';
import type { ErrorName } from '../model/errors.ts';
import type { OperationName } from '../model/operations.ts';
import { checkFault, failureRuleSchema, faultsSchema } from './faults-schema.ts';
import { type RequestCount, RequestLog } from './request-log.ts';

interface ActiveRule {
  readonly rule: FailureRule;
  remaining: number;
}

export interface ControlOptions {
  readonly faults?: Partial<Faults>;
  /** Seed of random latencies, empty pages and failures. Default: 1. */
  readonly randomSeed?: number;
  /** Clock of the rate limits, in ms. Default: `performance.now`. */
  readonly throttleClock?: () => number;
  /** Multiple of AWS's documented rates. Default: 1. */
  readonly throttleFactor?: number;
}

/** Sets the simulator's faults while it runs, and counts requests. */
export class SimulatorControl {
  readonly #initialFaults: Faults;
  readonly #randomSeed: number;
  readonly #throttle: Throttle;
  readonly #log = new RequestLog();
  #random: () => number;
  #faults: Faults;
  #failures: ActiveRule[] = [];

  constructor(options: ControlOptions = {}) {
    const { faults, randomSeed = 1, throttleClock = () => performance.now(), throttleFactor = 1 } = options;
    this.#initialFaults = { ...noFaults, ...faults };
    this.#randomSeed = randomSeed;
    this.#random = createRandom(randomSeed);
    this.#throttle = new Throttle(throttleClock, throttleFactor);
    this.#faults = noFaults;
    this.setFaults(this.#initialFaults);
  }

  /** Returns to the faults and the random numbers of the start, and forgets all requests. */
  reset(): void {
    this.#random = createRandom(this.#randomSeed);
    this.setFaults(this.#initialFaults);
    this.#log.reset();
  }

  /** The current faults. `times` of a failure is the remaining number of calls. */
  get faults(): Faults {
    const failures = this.#failures.map(({ rule, remaining }) =>
      rule.times === undefined ? rule : { ...rule, times: remaining },
    );
    return { ...this.#faults, failures };
  }

  /**
   * Sets the given faults and keeps the others.
   *
   * @throws {TypeError} if a value is not valid
   */
  setFaults(change: Partial<Faults>): void {
    checkFault(faultsSchema, change);
    this.#faults = { ...this.#faults, ...change };
    if (change.failures) {
      this.#failures = [];
      for (const rule of change.failures) this.fail(rule);
    }
    if (change.throttle !== undefined) this.#throttle.reset();
  }

  clearFaults(): void {
    this.setFaults(noFaults);
  }

  setLatency(latency: Latency, operation?: OperationName): void {
    if (operation === undefined) this.setFaults({ latency });
    else this.setFaults({ latencyByOperation: { ...this.#faults.latencyByOperation, [operation]: latency } });
  }

  /** @param share of list calls, 0 to 1, that return an empty page; true makes every other page empty */
  setEmptyPages(share: number | boolean): void {
    this.setFaults({ emptyPages: Number(share) });
  }

  setThrottle(throttle: boolean): void {
    this.setFaults({ throttle });
  }

  /**
   * Adds a failure that takes precedence over earlier ones. Returns a function that removes it.
   *
   * @throws {TypeError} if a value is not valid
   */
  fail(rule: FailureRule): () => void {
    checkFault(failureRuleSchema, rule);
    const active: ActiveRule = { rule, remaining: rule.times ?? Number.POSITIVE_INFINITY };
    this.#failures.unshift(active);
    return () => {
      this.#failures = this.#failures.filter((other) => other !== active);
    };
  }

  /**
   * Fails the next `times` calls of an operation. A string is the name of an exception. Returns a function that stops
   * it.
   */
  failNext(operation: OperationName, failure: Failure | ErrorName, times = 1): () => void {
    const resolved: Failure = typeof failure === 'string' ? { kind: 'error', error: failure } : failure;
    return this.fail({ operation, failure: resolved, times });
  }

  /** Number of requests per account and operation since the start or the last reset. */
  requests(): readonly RequestCount[] {
    return this.#log.all();
  }

  requestCount(operation?: RequestCount['operation'], accountId?: string): number {
    return this.#log.total(operation, accountId);
  }

  resetRequests(): void {
    this.#log.reset();
  }

  /** Returns the failure of a call, if any, and counts it as used. */
  takeFailure(operation: OperationName, accountId: string): Failure | undefined {
    for (const active of this.#failures) {
      const { rule } = active;
      if (rule.operation !== undefined && rule.operation !== operation) continue;
      if (rule.accountId !== undefined && rule.accountId !== accountId) continue;
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue;
      active.remaining -= 1;
      if (active.remaining <= 0) this.#failures = this.#failures.filter((other) => other !== active);
      return rule.failure;
    }
    return undefined;
  }

  nextLatency(operation: OperationName): number {
    return sampleLatency(this.#faults.latencyByOperation[operation] ?? this.#faults.latency, this.#random);
  }

  tryTakeToken(operation: OperationName, accountId: string, organizationId: string | undefined): boolean {
    return !this.#faults.throttle || this.#throttle.tryTakeToken(operation, accountId, organizationId);
  }

  shouldReturnEmptyPage(): boolean {
    const { emptyPages } = this.#faults;
    return emptyPages > 0 && this.#random() < emptyPages;
  }

  /** See `RequestLog.add`. */
  countRequest(operation: RequestCount['operation'], accountId: string): (error: string) => void {
    return this.#log.add(operation, accountId);
  }
}
