declare const clockOf: unique symbol;

/** A time of the monotonic clock, in ms. It says only how long ago something was in this process: another process has another zero. */
export type MonotonicMs = number & { readonly [clockOf]: 'monotonic' };

/** A date, in ms since the epoch. The machine's wall clock may be stepped at any moment, so no schedule or deadline may depend on one. */
export type WallMs = number & { readonly [clockOf]: 'wall' };

/** `at`, and `ms` later (or earlier, when negative), on the same clock. */
export const later = <T extends MonotonicMs | WallMs>(at: T, ms: number): T => (at + ms) as T;

/** For schedules, deadlines and ages. An interface, so that a test can move it. */
export interface MonotonicClock {
  /** Never goes backward, and is not stepped with the wall clock. */
  monotonicMs(): MonotonicMs;
  /** Runs `task` once, `ms` from now: as soon as it can when that is past, and never when it is infinite. Returns the way to cancel it. */
  after(ms: number, task: () => void): () => void;
}

/** Both clocks, for components that also handle AWS's dates and show some. */
export interface Clock extends MonotonicClock {
  /** The machine's wall clock. */
  wallMs(): WallMs;
}

/** The longest delay that setTimeout keeps to, in ms; it turns a longer one into 1. */
const longest = 2 ** 31 - 1;

function after(ms: number, task: () => void): () => void {
  if (ms <= longest) {
    // In whole ms: Node finds the timers of a fraction only when they fire, and not when they are called off.
    const soon = setTimeout(task, Math.max(Math.ceil(ms), 0));
    return () => clearTimeout(soon);
  }
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number): void => {
    timer = setTimeout(() => (left > longest ? wait(left - longest) : task()), Math.min(left, longest));
  };
  if (ms !== Number.POSITIVE_INFINITY) wait(ms);
  return () => clearTimeout(timer);
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now() as MonotonicMs,
  wallMs: () => Date.now() as WallMs,
  after,
};
