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
import { type RequestCount, RequestLog } from './request-log.ts';

interface ActiveRule {
  readonly rule: FailureRule;
  left: number;
}

export interface ControlOptions {
  readonly faults?: Partial<Faults>;
  /** Of what happens by probability. */
  readonly randomSeed?: number;
  /** Milliseconds of the clock that throttling goes by. */
  readonly throttleClock?: () => number;
}

/** The simulator's faults, which can be set while it runs, and the count of calls. */
export class SimulatorControl {
  readonly #random: () => number;
  readonly #throttle: Throttle;
  readonly #log = new RequestLog();
  #faults: Faults;
  #failures: ActiveRule[] = [];

  constructor({ faults, randomSeed = 1, throttleClock = () => performance.now() }: ControlOptions = {}) {
    this.#random = createRandom(randomSeed);
    this.#throttle = new Throttle(throttleClock);
    this.#faults = noFaults;
    if (faults) this.setFaults(faults);
  }

  /** As set; of rules that count down, what is left. */
  get faults(): Faults {
    const failures = this.#failures.map(({ rule, left }) =>
      rule.times === undefined ? rule : { ...rule, times: left },
    );
    return { ...this.#faults, failures };
  }

  /** Changes what is named, and leaves the rest. */
  setFaults(change: Partial<Faults>): void {
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

  /** @param share of list calls that answer an empty page; true is every other one */
  setEmptyPages(share: number | boolean): void {
    this.setFaults({ emptyPages: Number(share) });
  }

  setThrottle(throttle: boolean): void {
    this.setFaults({ throttle });
  }

  /** Adds a failure, before those that are set already. Returns what takes it away again. */
  fail(rule: FailureRule): () => void {
    const active: ActiveRule = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#failures.unshift(active);
    return () => {
      this.#failures = this.#failures.filter((other) => other !== active);
    };
  }

  /** The next calls of an operation fail; an exception can be given by its name. */
  failNext(operation: OperationName, failure: Failure | ErrorName, times = 1): () => void {
    const what: Failure = typeof failure === 'string' ? { kind: 'error', error: failure } : failure;
    return this.fail({ operation, failure: what, times });
  }

  /** How often each account called each operation since the start or the last reset. */
  requests(): readonly RequestCount[] {
    return this.#log.all();
  }

  requestCount(operation?: RequestCount['operation'], accountId?: string): number {
    return this.#log.total(operation, accountId);
  }

  resetRequests(): void {
    this.#log.reset();
  }

  /** For the server: what befalls a call. */
  takeFailure(operation: OperationName, accountId: string): Failure | undefined {
    for (const active of this.#failures) {
      const { rule } = active;
      if (rule.operation !== undefined && rule.operation !== operation) continue;
      if (rule.accountId !== undefined && rule.accountId !== accountId) continue;
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue;
      active.left -= 1;
      if (active.left <= 0) this.#failures = this.#failures.filter((other) => other !== active);
      return rule.failure;
    }
    return undefined;
  }

  takeLatency(operation: OperationName): number {
    return sampleLatency(this.#faults.latencyByOperation[operation] ?? this.#faults.latency, this.#random);
  }

  admit(operation: OperationName, accountId: string, organizationId: string | undefined): boolean {
    return !this.#faults.throttle || this.#throttle.admit(operation, accountId, organizationId);
  }

  leavesPageEmpty(): boolean {
    const { emptyPages } = this.#faults;
    return emptyPages > 0 && this.#random() < emptyPages;
  }

  count(operation: RequestCount['operation'], accountId: string, error?: string): void {
    this.#log.add(operation, accountId, error);
  }
}
