import type { Start } from './command-line.ts';
import { endOnFault } from './end-on-fault.ts';

/**
 * Starts, says so on standard output, and ends at the first SIGTERM or SIGINT: cleanly, with exit code 0. A second signal ends at once,
 * and so does a fault that nobody catches, with exit code 1. Rejects when the start, or the end, fails.
 */
export async function runUntilSignal(start: Start): Promise<void> {
  endOnFault();
  let asked = false;
  const stop = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  });
  const running = await start();
  if (running) {
    process.stdout.write(`${running.ready}\n`);
    await stop;
    await running.close();
  }
}
