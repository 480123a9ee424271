import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { ListenError } from '../transport/listen.ts';
import { StoreError } from '../watcher/store-error.ts';

/** A running command. */
export interface Running {
  /** The line for standard output, with its address; empty for a command that is no server. */
  readonly ready: string;
  /** Settles when the command ends by itself. Servers run until a signal. */
  readonly finished?: Promise<void>;
  close(): Promise<void>;
}

/** Starts a command. Resolves with undefined if the command has ended already (`schema`, `--help`). */
export type Start = () => Promise<Running | undefined>;

/** A server fails its health check. `message` is one line with its address. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
}

/** A command cannot do its task. `message` is one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A command has found failures, and has printed them. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly exitCode: number;

  constructor(message = '', exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * The names of requests in Node's thread pool.
 * https://nodejs.org/docs/latest-v20.x/api/process.html#processgetactiveresourcesinfo
 */
const THREAD_POOL_REQUEST = /^(FSReq|GetAddrInfo|GetNameInfo)/;
/** The process waits this long for such requests before it exits, in ms. */
const GRACE_MS = 500;
const POLL_MS = 20;

/**
 * Starts a command, prints its ready line, and closes it at the first SIGTERM or SIGINT. A signal during the start ends
 * the process immediately with exit code 0, a second signal with exit code 1. Rejects if the start or the shutdown
 * fails.
 */
export async function runUntilSignal(start: Start): Promise<void> {
  // The pipe may be closed early, as in `orgql schema | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  // Users cannot act on the AWS SDK's warning about Node 20.
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
    if (running.ready !== '') process.stdout.write(`${running.ready}\n`);
    try {
      await Promise.race([stop, ...(running.finished ? [running.finished] : [])]);
    } finally {
      await running.close();
    }
  }
}

/** Prints an error and ends the process. */
export async function endWithError(error: unknown): Promise<never> {
  return endProcess(reportError(error), error instanceof StoreError && error.isHanging);
}

/** Prints an error and returns the exit code: 2 for invalid arguments or settings, otherwise 1 or the command's own. */
export function reportError(error: unknown): number {
  if (error instanceof ConfigError) {
    const [first, ...others] = error.mistakes;
    if (others.length === 0) console.error(`orgql: ${first}`);
    else console.error([`orgql: ${error.mistakes.length} mistakes:`, ...error.mistakes].join('\n  '));
    return 2;
  }
  if (error instanceof CommandFailedError) return error.exitCode;
  const isPlain = [ListenError, StoreError, UnhealthyError, CommandError].some((kind) => error instanceof kind);
  console.error(isPlain && error instanceof Error ? `orgql: ${error.message}` : error);
  return 1;
}

/**
 * `process.exit` waits for the thread pool, so a file system that hangs would keep the process alive. The process is
 * then killed. `isHanging` reports hanging calls that Node does not list.
 */
async function endProcess(code: number, isHanging = false): Promise<never> {
  const until = performance.now() + GRACE_MS;
  while (hasThreadPoolRequest() && performance.now() < until) await sleep(POLL_MS);
  if (isHanging || hasThreadPoolRequest()) {
    process.kill(process.pid, 'SIGKILL');
    // SIGKILL has no effect on the first process of a container.
    process.abort();
  }
  process.exit(code);
}

const hasThreadPoolRequest = (): boolean =>
  process.getActiveResourcesInfo().some((name) => THREAD_POOL_REQUEST.test(name));
