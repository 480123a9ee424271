import { clockOffset } from './gateway-status.ts';
import { useStore } from './store.ts';

/**
 * The time by one clock, which moves on at each interval. All components that follow it share a timer and the same
 * `Date`, so that what they derive from it lasts between two ticks.
 */
class TickingClock {
  readonly #read: () => number;
  readonly #intervalMs: number;
  readonly #listeners = new Set<() => void>();
  #now = new Date(0);
  #stop = () => {};

  constructor(read: () => number, intervalMs: number) {
    this.#read = read;
    this.#intervalMs = intervalMs;
  }

  readonly get = (): Date => {
    const now = this.#read();
    // A timer may fire a little early, and a component may come between two ticks, or before the first.
    if (Math.abs(now - this.#now.getTime()) >= this.#intervalMs / 2) this.#now = new Date(now);
    return this.#now;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  #start(): void {
    const notify = () => {
      for (const listener of [...this.#listeners]) listener();
    };
    const timer = setInterval(notify, this.#intervalMs);
    const unsubscribe = clockOffset.subscribe(notify);
    this.#stop = () => {
      clearInterval(timer);
      unsubscribe();
    };
  }
}

/** One clock for each interval. */
function clocksOf(read: () => number): (intervalMs: number) => TickingClock {
  const clocks = new Map<number, TickingClock>();
  return (intervalMs) => {
    const clock = clocks.get(intervalMs) ?? new TickingClock(read, intervalMs);
    clocks.set(intervalMs, clock);
    return clock;
  };
}

const atAws = clocksOf(() => Date.now() + clockOffset.get());
const ofMachine = clocksOf(() => Date.now());

/**
 * The time at AWS: it decides which transfers have started or ended, and how long is left. The component renders again
 * after each interval, in ms; until then, the result is the same object.
 */
export const useNow = (intervalMs = 30_000): Date => useStore(atAws(intervalMs));

/** The time of this machine, for what the gateway stamps by its own clock. Ticks as `useNow` does. */
export const useMachineNow = (intervalMs: number): Date => useStore(ofMachine(intervalMs));
