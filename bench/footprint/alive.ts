import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Returns the live memory after garbage collections, including memory outside V8's heap, in bytes. Requires
 * --expose-gc.
 */
export async function alive(): Promise<number> {
  // References from this turn of the event loop become garbage in the next one.
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(20);
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
