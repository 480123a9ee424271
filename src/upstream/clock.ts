declare const clockOf: unique symbol;

/** A time of this process's monotonic clock, in ms. Other processes have another zero. */
export type MonotonicMs = number & { readonly [clockOf]: 'monotonic' };

/**
 * A date, in ms since the epoch. The machine's wall clock may be stepped at any moment, so no schedule or deadline may
 * depend on one.
 */
export type WallMs = number & { readonly [clockOf]: 'wall' };

/** `at`, and `ms` later (or earlier, when negative), on the same clock. */
export const later = <T extends MonotonicMs | WallMs>(at: T, ms: number): T => (at + ms) as T;

/** A clock for schedules, deadlines and ages. Tests have a manual one. */
export interface MonotonicClock {
  /** Never goes backward, and is not stepped with the wall clock. */
  monotonicMs(): MonotonicMs;
  /**
   * Runs `task` once, after `ms`: as soon as possible when it is negative, and never when it is infinite. Returns the
   * function that cancels it.
   */
  after(ms: number, task: () => void): () => void;
}

/** Both clocks, for components that also handle dates. */
export interface Clock extends MonotonicClock {
  /** The machine's wall clock. */
  wallMs(): WallMs;
}

/** The longest delay of setTimeout, in ms; it turns a longer one into 1. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

function after(ms: number, task: () => void): () => void {
  if (ms <= MAX_TIMEOUT_MS) {
    // In whole ms: Node does not free canceled timers of fractions before they would fire.
    const soon = setTimeout(task, Math.max(Math.ceil(ms), 0));
    return () => clearTimeout(soon);
  }
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number): void => {
    timer = setTimeout(
      () => (left > MAX_TIMEOUT_MS ? wait(left - MAX_TIMEOUT_MS) : task()),
      Math.min(left, MAX_TIMEOUT_MS),
    );
  };
  if (ms !== Number.POSITIVE_INFINITY) wait(ms);
  return () => clearTimeout(timer);
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now() as MonotonicMs,
  wallMs: () => Date.now() as WallMs,
  after,
};

/** Why a session ended before its calls did. */
export type CancelReason = 'aborted' | 'deadline';

const once = { once: true } as const;

/**
 * Ends a session when its signal fires or its time is over. Hundreds of calls of one session share one listener on the
 * signal and one timer, and both exist only while a call waits.
 */
export class Deadline {
  /** In the clock's ms; Infinity for none. */
  readonly at: number;
  readonly #clock: MonotonicClock;
  #options: { readonly signal?: AbortSignal | undefined } | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;
  #listeners: Set<(reason: CancelReason) => void> | undefined;
  #cancelTimer: (() => void) | undefined;

  /** The signal may be a getter that creates it, so it is not read before `status`. */
  constructor(clock: MonotonicClock, ms: number, options: { readonly signal?: AbortSignal | undefined }) {
    this.#clock = clock;
    this.at = clock.monotonicMs() + ms;
    this.#options = options;
  }

  /** For work that does not wait, which the signal need not be read for. */
  get quickStatus(): CancelReason | undefined {
    if (this.#signal?.aborted) return 'aborted';
    return this.#clock.monotonicMs() >= this.at ? 'deadline' : undefined;
  }

  /** For work that may wait. */
  status(): CancelReason | undefined {
    if (this.#options !== undefined) {
      this.#signal = this.#options.signal;
      this.#options = undefined;
    }
    return this.quickStatus;
  }

  /** Calls `listener` once, when the session ends. Returns the function that removes it. Call `status` first. */
  onEnd(listener: (reason: CancelReason) => void): () => void {
    this.#listeners ??= new Set();
    const listeners = this.#listeners;
    if (listeners.size === 0) {
      if (this.#signal !== undefined) {
        // Not assigned directly: see docs/performance.md on functions that are assigned to members.
        const onAbort = (): void => this.#end('aborted');
        this.#onAbort = onAbort;
        this.#signal.addEventListener('abort', onAbort, once);
      }
      this.#cancelTimer = this.#clock.after(this.at - this.#clock.monotonicMs(), () => this.#end('deadline'));
    }
    listeners.add(listener);
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.#stopWaiting();
    };
  }

  #end(reason: CancelReason): void {
    const listeners = [...(this.#listeners ?? [])];
    this.#listeners?.clear();
    this.#stopWaiting();
    for (const listener of listeners) listener(reason);
  }

  #stopWaiting(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = undefined;
  }
}
