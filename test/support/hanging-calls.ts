import type { Simulator } from '../../src/simulator/index.ts';
import { type ManualClock, settled } from './manual-clock.ts';

/**
 * Lets calls of which the simulator answers none run into their time limit, one attempt after the other: moves the clock on by `limitMs` when the next has arrived there.
 * To be called in the turn in which the work begins.
 */
export async function letTimeOut(
  { control }: Simulator,
  clock: ManualClock,
  limitMs: number,
  attempts: number,
): Promise<void> {
  const before = control.requestCount();
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    while (control.requestCount() < before + attempt) await settled();
    await clock.advance(limitMs);
  }
}
