import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { ListenError } from '../transport/listen.ts';
import { StoreError } from '../watcher/store.ts';

/** What a command has started. */
export interface Running {
  /** The line on standard output that names its address. */
  readonly ready: string;
  close(): Promise<void>;
}

/** Starts a command; resolves to nothing when the command has ended already (`schema`, `--help`). */
export type Start = () => Promise<Running | undefined>;

/** A server does not answer a health check. `message` is one line that names its address. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
}

/** What Node calls requests that run in its thread pool. https://nodejs.org/docs/latest-v20.x/api/process.html#processgetactiveresourcesinfo */
const THREAD_POOL_REQUEST = /^(FSReq|GetAddrInfo|GetNameInfo)/;
/** How long the end waits for such requests, in ms. */
const GRACE_MS = 500;
const POLL_MS = 20;

/**
 * Starts a command, prints its ready line, and closes it at the first SIGTERM or SIGINT. A signal during the start ends the
 * process at once with exit code 0, a second signal with exit code 1. Rejects when the start or the end fails.
 */
export async function runUntilSignal(start: Start): Promise<void> {
  // The reader of the output may stop reading, as in `orgql schema | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  // Dropping Node 20 is a matter of orgql's releases, so users do not see the AWS SDK's warning.
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

/** Prints an error and ends the process. */
export async function endWithError(error: unknown): Promise<never> {
  return endProcess(reportError(error), error instanceof StoreError && error.isHanging);
}

/** Prints an error and returns the exit code: 2 for wrong arguments or settings, else 1. */
export function reportError(error: unknown): 1 | 2 {
  if (error instanceof ConfigError) {
    const [first, ...others] = error.mistakes;
    if (others.length === 0) console.error(`orgql: ${first}`);
    else console.error([`orgql: ${error.mistakes.length} mistakes:`, ...error.mistakes].join('\n  '));
    return 2;
  }
  const isPlain = error instanceof ListenError || error instanceof StoreError || error instanceof UnhealthyError;
  console.error(isPlain ? `orgql: ${error.message}` : error);
  return 1;
}

/**
 * `process.exit` waits for the thread pool, and so forever for a file system that does not respond: then the process is
 * killed. `isHanging` says so where Node cannot see it.
 */
async function endProcess(code: number, isHanging = false): Promise<never> {
  const until = performance.now() + GRACE_MS;
  while (hasThreadPoolRequest() && performance.now() < until) await sleep(POLL_MS);
  if (isHanging || hasThreadPoolRequest()) {
    process.kill(process.pid, 'SIGKILL');
    // The first process of a container cannot kill itself so.
    process.abort();
  }
  process.exit(code);
}

const hasThreadPoolRequest = (): boolean =>
  process.getActiveResourcesInfo().some((name) => THREAD_POOL_REQUEST.test(name));

/** The version in package.json, which lies two folders above both src/cli and dist/cli. */
export function version(): string {
  const manifest: { version: string } = createRequire(import.meta.url)('../../package.json');
  return manifest.version;
}
