import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Vitals } from './process.ts';

const RESOLUTION_MS = 10;

/** The other end of `startProcess`. */
export function serve(url: string): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('message', async () => {
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const delays = { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
    // What is only referred to by what ends in this turn is garbage in the next.
    for (let turn = 0; turn < 3; turn += 1) {
      await sleep(50);
      globalThis.gc?.();
    }
    const { heapUsed } = process.memoryUsage();
    const vitals: Vitals = { heap: heapUsed, delay: delays, handles: process.getActiveResourcesInfo().length };
    process.send?.(vitals);
    delay.reset();
  });
  // Whoever measures has gone, whichever way.
  process.on('disconnect', () => process.exit());
  process.send?.({ url });
}
