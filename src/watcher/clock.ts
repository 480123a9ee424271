/** Time, as the watcher uses it; tests put their own in its place. */
export interface Clock {
  /** Ms since the epoch. Compared with AWS's timestamps, so it is the wall clock. */
  now(): number;
  /** Calls `run` once, `ms` from now, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
}

/** Node turns a longer timeout into 1 ms. */
const longestTimeout = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), longestTimeout));
    return () => clearTimeout(timer);
  },
};
