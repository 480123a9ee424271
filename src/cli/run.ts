import type { Start } from './command-line.ts';
import { endProcess } from './end-process.ts';

/**
 * Starts, says so on standard output, and ends at the first SIGTERM or SIGINT: cleanly, with exit code 0; at once while it has not started yet. A second signal ends at once,
 * with exit code 1. Rejects when the start, or the end, fails.
 */
export async function runUntilSignal(start: Start): Promise<void> {
  // Who reads the output may stop reading, as `orgql schema | head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  // When the AWS SDK drops Node 20 is a matter for orgql's releases, not for who starts it.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  let phase: 'starting' | 'running' | 'ending' = 'starting';
  const stop = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (phase !== 'running') return void endProcess(phase === 'starting' ? 0 : 1);
      phase = 'ending';
      resolve();
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  });
  const running = await start();
  phase = 'running';
  if (running) {
    process.stdout.write(`${running.ready}\n`);
    await stop;
    await running.close();
  }
}
