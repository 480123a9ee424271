/** The simulator's own time. Expiry, retention and everything asynchronous follow it. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves time by that many milliseconds. */
  advance(ms: number): void;
  /** Jumps to a date. Going back undoes nothing that has already happened. */
  set(date: Date | number): void;
  /** How many simulated seconds pass in a real one: 1 is real time, 0 stands still. */
  readonly rate: number;
  setRate(rate: number): void;
}

export interface ClockOptions {
  /** The time at the start; the real one when absent. */
  readonly start?: Date | number;
  readonly rate?: number;
}

export function createClock({ start, rate = 1 }: ClockOptions = {}): SimulatorClock {
  let setAt = Date.now();
  let base = start === undefined ? setAt : Number(start);
  let speed = checkRate(rate);
  const now = () => base + Math.trunc((Date.now() - setAt) * speed);
  const rebase = (time: number) => {
    if (Number.isNaN(new Date(time).getTime())) {
      throw new RangeError(`The simulator's clock cannot be set to ${time}: expected milliseconds since the epoch`);
    }
    base = time;
    setAt = Date.now();
  };
  return {
    now,
    advance: (ms) => rebase(now() + ms),
    set: (date) => rebase(Number(date)),
    get rate() {
      return speed;
    },
    setRate(next) {
      rebase(now());
      speed = checkRate(next);
    },
  };
}

function checkRate(rate: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new RangeError(`The simulator's clock cannot run at rate ${rate}: expected 0 or a positive number`);
}
