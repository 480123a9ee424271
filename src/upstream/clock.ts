/** Time, so that a test can move it. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  /** Runs `task` once, `ms` from now: as soon as it can when that is past, and never when it is infinite. Returns the way to cancel it. */
  after(ms: number, task: () => void): () => void;
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

const origin = performance.timeOrigin;

/** For measuring: never goes backward, and means nothing to another machine. */
export const systemClock: Clock = { now: () => origin + performance.now(), after };

/** For comparing with timestamps of AWS and of other processes: the machine's time of day, which may be put right at any moment. */
export const wallClock: Clock = { now: () => Date.now(), after };
