import { setTimeout as sleep } from 'node:timers/promises';

/** What is alive after garbage collections, with what lies outside V8's heap, in bytes. The process needs --expose-gc. */
export async function alive(): Promise<number> {
  // What is only referred to by what ends in this turn is garbage in the next.
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(20);
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
