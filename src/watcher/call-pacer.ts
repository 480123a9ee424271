import type { Principal } from '../principal/principal.ts';
import {
  later,
  type MonotonicClock,
  type MonotonicMs,
  type OperationName,
  type UpstreamCost,
} from '../upstream/index.ts';
import { latest } from './schedule.ts';

/** Which call goes first: the lower, and among equals the one that has waited longer. */
export const callPriorities = { hint: 0, confirmation: 1, sweep: 2 } as const;

export interface SlotRequest {
  /** See `callPriorities`. */
  readonly priority: number;
  /** The share of the operation's rate that the caller may use, 0 to 1. */
  readonly share: number;
}

/** The cost of one call, as far as it is known. */
export type CallCost = Readonly<Pick<UpstreamCost, 'calls' | 'waitedMs'>>;

/** The permission to make one call now. */
export interface CallSlot {
  /** Must be called once, with the cost of the session that makes only this call. */
  start(cost: CallCost): void;
  /** Must be called when the call has ended, or is not made. */
  end(): void;
}

interface Waiting extends SlotRequest {
  grant(): void;
}

/** A call that was granted, from `take` until its end. */
interface GrantedCall {
  readonly at: MonotonicMs;
  readonly intervalMs: number;
  cost: CallCost | undefined;
  /** Whether the next call was due before this one was sent. */
  isLate: boolean;
}

/** A timer fires this late at most on an idle machine, in ms: the call counts as sent when it was due. */
const TIMER_DELAY_MS = 2;

/**
 * Spaces the background calls of one account to one operation, so that they use at most a share of its rate in every
 * time window: never two calls closer than `1000 / (rate * share)` ms, counted from when they are sent or, if a timer
 * fires late, from when they were due. A call that waits for interactive ones delays the next.
 */
export class CallPacer {
  readonly #clock: MonotonicClock;
  readonly #ratePerSecond: number;
  readonly #waiting: Waiting[] = [];
  /** When the last call was sent. Later, if it was repeated. */
  #lastAt = Number.NEGATIVE_INFINITY as MonotonicMs;
  /** The last call, until it is known when it was sent. */
  #unsent: GrantedCall | undefined;
  #cancelTimer: (() => void) | undefined;
  /** When the call was due that a timer was set for. */
  #dueAt: MonotonicMs | undefined;

  constructor(clock: MonotonicClock, ratePerSecond: number) {
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
  }

  /** Resolves when a call may be made. Rejects with the signal's reason when it fires before. */
  take(request: SlotRequest, signal: AbortSignal): Promise<CallSlot> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#schedule();
        reject(signal.reason);
      };
      const waiting: Waiting = {
        ...request,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(this.#grant(this.intervalMs(request.share)));
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      // Priorities are few, and most requests are of the lowest.
      const before = this.#waiting.findLastIndex(({ priority }) => priority <= request.priority);
      this.#waiting.splice(before + 1, 0, waiting);
      this.#schedule();
    });
  }

  /** The least time between two calls of this share, in ms. */
  intervalMs(share: number): number {
    return 1000 / (this.#ratePerSecond * share);
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const intervalMs = this.intervalMs(next.share);
      const now = this.#clock.monotonicMs();
      if (intervalMs > 0) {
        this.#settle(this.#unsent);
        const at = latest(now, later(this.#lastAt, intervalMs));
        // A timer may fire a fraction of a millisecond early.
        if (at > now) {
          this.#dueAt = at;
          this.#cancelTimer = this.#clock.after(at - now, () => this.#schedule());
          return;
        }
        // The last call still waits for its turn: its end schedules the next.
        if (this.#unsent !== undefined) {
          this.#unsent.isLate = true;
          return;
        }
      }
      this.#waiting.shift();
      next.grant();
    }
  }

  #grant(intervalMs: number): CallSlot {
    const now = this.#clock.monotonicMs();
    const dueAt = this.#dueAt ?? now;
    // Before that time it is another call: one with a larger share.
    const at = dueAt <= now && now - dueAt <= TIMER_DELAY_MS ? dueAt : now;
    this.#dueAt = undefined;
    const call: GrantedCall = { at, intervalMs, cost: undefined, isLate: false };
    this.#lastAt = call.at;
    this.#unsent = call;
    return {
      start(cost) {
        call.cost = cost;
      },
      end: () => this.#end(call),
    };
  }

  /** Notes when a call was sent, if it was. `waitedMs` is known from then on. */
  #settle(call: GrantedCall | undefined): void {
    if (call?.cost === undefined || call.cost.calls === 0) return;
    this.#lastAt = latest(this.#lastAt, later(call.at, call.cost.waitedMs));
    if (this.#unsent === call) this.#unsent = undefined;
  }

  #end(call: GrantedCall): void {
    this.#settle(call);
    const { calls = 0 } = call.cost ?? {};
    if (this.#unsent === call) this.#unsent = undefined;
    const now = this.#clock.monotonicMs();
    // It is not known exactly when a repeated call was sent last, or one that has waited for the name of its account.
    if (calls > 1) this.#lastAt = latest(now, later(this.#lastAt, (calls - 1) * call.intervalMs));
    else if (call.isLate && calls === 1) this.#lastAt = latest(this.#lastAt, now);
    this.#schedule();
  }
}

/** One pacer for all background calls that share a rate limit of AWS. */
export class CallPacers {
  readonly #clock: MonotonicClock;
  readonly #ratePerSecond: (operation: OperationName) => number;
  readonly #pacers = new Map<string, CallPacer>();

  constructor(clock: MonotonicClock, ratePerSecond: (operation: OperationName) => number) {
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
  }

  /** AWS counts calls per account. A principal without a configured account has its own pacers. */
  of({ configuredAccountId, name }: Principal, operation: OperationName): CallPacer {
    const key = `${configuredAccountId ?? `principal ${name}`} ${operation}`;
    const pacer = this.#pacers.get(key) ?? new CallPacer(this.#clock, this.#ratePerSecond(operation));
    this.#pacers.set(key, pacer);
    return pacer;
  }
}
