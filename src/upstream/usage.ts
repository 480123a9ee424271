import type { Principal } from '../principal/principal.ts';
import { awsTime } from './aws-time.ts';
import { later, type MonotonicClock, systemClock, type WallMs } from './clock.ts';
import { operationNames } from './operations.ts';
import type { RateBudget } from './rate-budget.ts';
import type { CallEvent, OperationName } from './types.ts';

/** The calls of one minute. */
export interface MinuteUsage {
  /** The start of the minute, by the clock of AWS. */
  readonly minute: WallMs;
  /** Calls to AWS, with retries. */
  readonly calls: number;
  /** Reads that the cache answered. */
  readonly cached: number;
  /** Calls that AWS throttled. */
  readonly throttled: number;
}

/** The rate budget of one operation. */
export interface OperationUsage {
  readonly operation: OperationName;
  /** Calls that the budget grants at once. */
  readonly left: number;
  readonly burst: number;
  readonly ratePerSecond: number;
  readonly callsLastHour: number;
}

/** What one principal has used of AWS, by this process. */
export interface PrincipalUsage {
  /** The last 60 minutes, the present one last. */
  readonly minutes: readonly MinuteUsage[];
  /** Every operation; empty without a budget. The principals of an account share it. */
  readonly budget: readonly OperationUsage[];
  /** The 12-digit account; undefined until it is known. */
  readonly accountId: string | undefined;
  /** The code of the last call's `UpstreamError` if AWS did not answer it, or refused the credentials. */
  readonly failure: string | undefined;
}

/** Codes of calls that AWS has not answered. */
const unanswered: ReadonlySet<string> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'ABORTED',
]);

/** Whether a call with this outcome got no answer of AWS; a rejection is an answer. */
export const isUnanswered = (outcome: string): boolean => unanswered.has(outcome);

const MINUTE_MS = 60_000;
const MINUTES = 60;

interface Minute {
  number: number;
  calls: number;
  cached: number;
  throttled: number;
  readonly byOperation: Map<OperationName, number>;
}

export interface UsageRecorderOptions {
  readonly principal: Principal;
  readonly budget: RateBudget;
  /** See `AwsCallExecutor.account`. */
  readonly account: () => string | undefined;
  readonly clock: MonotonicClock;
}

/** Records the calls of one principal for an hour, in a ring of minutes. */
export class UsageRecorder {
  readonly #options: UsageRecorderOptions;
  readonly #ring: Minute[] = Array.from({ length: MINUTES }, emptyMinute);
  /** Aligns minutes with those of the machine's clock, as it was at the start: a step of it must not empty the ring. */
  readonly #offsetMs: number;
  #failure: string | undefined;

  constructor(options: UsageRecorderOptions) {
    this.#options = options;
    this.#offsetMs = systemClock.wallMs() - options.clock.monotonicMs();
  }

  addCall({ operation, outcome }: CallEvent, isThrottled: boolean): void {
    const minute = this.#present();
    minute.calls += 1;
    if (isThrottled) minute.throttled += 1;
    minute.byOperation.set(operation, (minute.byOperation.get(operation) ?? 0) + 1);
    // A client that leaves says nothing about AWS.
    if (outcome === 'ABORTED') return;
    this.#failure = isUnanswered(outcome) || outcome === 'UPSTREAM_CREDENTIALS' ? outcome : undefined;
  }

  addCached(): void {
    this.#present().cached += 1;
  }

  get usage(): PrincipalUsage {
    const account = this.#options.account();
    return {
      minutes: this.#minutes(),
      budget: this.#budget(account),
      accountId: account !== undefined && /^\d{12}$/.test(account) ? account : undefined,
      failure: this.#failure,
    };
  }

  get #nowMs(): WallMs {
    return (this.#options.clock.monotonicMs() + this.#offsetMs) as WallMs;
  }

  #present(): Minute {
    const number = Math.floor(this.#nowMs / MINUTE_MS);
    const minute = this.#at(number);
    if (minute.number === number) return minute;
    minute.byOperation.clear();
    return Object.assign(minute, { number, calls: 0, cached: 0, throttled: 0 });
  }

  #at(number: number): Minute {
    return this.#ring[number % MINUTES] ?? emptyMinute();
  }

  #minutes(): readonly MinuteUsage[] {
    const now = this.#nowMs;
    const present = Math.floor(now / MINUTE_MS);
    // AWS's clock, or a simulator's, may be far from the machine's.
    const shift = Math.round((awsTime(this.#options.principal) - now) / MINUTE_MS) * MINUTE_MS;
    return Array.from({ length: MINUTES }, (_, index) => {
      const number = present - MINUTES + 1 + index;
      const recorded = this.#at(number);
      const { calls, cached, throttled } = recorded.number === number ? recorded : emptyMinute();
      return { minute: later((number * MINUTE_MS) as WallMs, shift), calls, cached, throttled };
    });
  }

  #budget(account: string | undefined): readonly OperationUsage[] {
    const { budget } = this.#options;
    if (!budget.isLimited) return [];
    const calls = this.#callsByOperation();
    return operationNames.map((operation) => {
      const { rate, burst } = budget.limit(operation);
      const left = account === undefined ? burst : budget.left(account, operation);
      return { operation, left, burst, ratePerSecond: rate, callsLastHour: calls.get(operation) ?? 0 };
    });
  }

  #callsByOperation(): ReadonlyMap<OperationName, number> {
    const oldest = Math.floor(this.#nowMs / MINUTE_MS) - MINUTES;
    const sums = new Map<OperationName, number>();
    for (const { number, byOperation } of this.#ring) {
      if (number <= oldest) continue;
      for (const [operation, calls] of byOperation) sums.set(operation, (sums.get(operation) ?? 0) + calls);
    }
    return sums;
  }
}

const emptyMinute = (): Minute => ({ number: -1, calls: 0, cached: 0, throttled: 0, byOperation: new Map() });
