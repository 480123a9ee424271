/** Time as this folder knows it, so that a test can move it. */
export interface Clock {
  /** ms since the epoch; never goes backward. */
  now(): number;
  /** Runs `task` once, `ms` from now, and never when that is infinite. Returns the way to cancel it. */
  after(ms: number, task: () => void): () => void;
}

/** The longest delay that setTimeout keeps to, in ms. */
const longest = 2 ** 31 - 1;

const origin = performance.timeOrigin;

export const systemClock: Clock = {
  now: () => origin + performance.now(),
  after(ms, task) {
    let timer: NodeJS.Timeout | undefined;
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > longest ? wait(left - longest) : task()), Math.min(left, longest));
    };
    if (ms !== Number.POSITIVE_INFINITY) wait(ms);
    return () => clearTimeout(timer);
  },
};
