/** The simulator's clock. Expiry, retention and background work follow it. */
export interface SimulatorClock {
  /** @returns milliseconds since the epoch */
  now(): number;
  /** @throws {RangeError} if the result is not a valid time */
  advance(ms: number): void;
  /**
   * Sets the time. Setting it back does not undo tasks that have run.
   *
   * @throws {RangeError} if the date is not valid
   */
  set(date: Date | number): void;
  /** Simulated seconds per real second: 1 is real time, 0 stops the clock. */
  readonly rate: number;
  setRate(rate: number): void;
}

export interface ClockOptions {
  /** Initial time. Default: the real time. */
  readonly start?: Date | number;
  readonly rate?: number;
}

export function createClock({ start, rate = 1 }: ClockOptions = {}): SimulatorClock {
  let setAt = Date.now();
  let base = setAt;
  let speed = checkRate(rate);
  const now = () => base + Math.trunc((Date.now() - setAt) * speed);
  const rebase = (time: number) => {
    if (Number.isNaN(new Date(time).getTime())) {
      throw new RangeError(`The simulator's clock cannot be set to ${time}: expected milliseconds since the epoch`);
    }
    base = time;
    setAt = Date.now();
  };
  if (start !== undefined) rebase(Number(start));
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
