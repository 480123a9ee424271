// Loaded into a measured process before everything else (node --import): tells what the process takes when it is asked.
import { alive } from './alive.ts';

export interface Vitals {
  /** Resident, as it stands, in bytes. */
  readonly rss: number;
  /** Alive after garbage collections, in bytes. */
  readonly heap: number;
  /** Since the process began, in µs. */
  readonly cpu: number;
}

process.on('message', async () => {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  process.send?.({ rss, heap: await alive(), cpu: user + system } satisfies Vitals);
});
// Who only prints something ends as it would without this.
process.channel?.unref();
