// Preloaded into a measured process (node --import). Reports its memory and CPU on request.
import { alive } from './alive.ts';

export interface Vitals {
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Live memory after garbage collections, in bytes. */
  readonly heap: number;
  /** CPU time since the start of the process, in µs. */
  readonly cpu: number;
}

process.on('message', async () => {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  process.send?.({ rss, heap: await alive(), cpu: user + system } satisfies Vitals);
});
// A command that only prints something must exit as usual.
process.channel?.unref();
