declare const clockOf: unique symbol;

/** A time of this process's monotonic clock, in ms. Other processes have another zero. */
export type MonotonicMs = number & { readonly [clockOf]: 'monotonic' };

/** A date, in ms since the epoch. The machine's wall clock may be stepped at any moment, so no schedule or deadline may depend on one. */
export type WallMs = number & { readonly [clockOf]: 'wall' };

/** `at`, and `ms` later (or earlier, when negative), on the same clock. */
export const later = <T extends MonotonicMs | WallMs>(at: T, ms: number): T => (at + ms) as T;

/** For schedules, deadlines and ages. An interface, so that a test can move it. */
export interface MonotonicClock {
  /** Never goes backward, and is not stepped with the wall clock. */
  monotonicMs(): MonotonicMs;
  /** Runs `task` once, after `ms`: as soon as possible when it is negative, and never when it is infinite. Returns the function that cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** Both clocks, for components that also handle AWS's dates and show some. */
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
