import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a server's process says of itself. */
export interface Vitals {
  /** After a garbage collection, in bytes. */
  readonly heap: number;
  /** How late the event loop was since the last time, in ms. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The longest that a request took since the last time, from its first byte in to its answer's last byte out, in ms. */
  readonly longest: number;
  /** Sockets and timers that keep the process alive. */
  readonly handles: number;
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  vitals(): Promise<Vitals>;
  /** Rejects when the process ends before it is disposed of, and never resolves. */
  readonly ended: Promise<never>;
}

/** Runs a script of this folder in a process of its own; it sends its URL, and its vitals when it is asked for them. */
export async function startProcess(script: string, ...args: readonly string[]): Promise<ServerProcess> {
  // Compiled or not: the script is of the same kind as this one.
  const file = new URL(`./${script}${import.meta.url.slice(-3)}`, import.meta.url);
  const child = fork(file, [...args], { execArgv: ['--expose-gc', '--enable-source-maps'] });
  // Listened to from the start: who only listens when it asks would wait for ever for a process that has ended before.
  const gone = once(child, 'exit');
  let disposed = false;
  const ended = gone.then(([code, signal]) => {
    if (disposed) return new Promise<never>(() => {});
    throw new Error(`the process "${script}" ended by itself (${signal ?? `exit code ${code}`})`);
  });
  ended.catch(() => {});
  const { url } = await message<{ url: string }>(child, ended);
  return {
    url,
    ended,
    async vitals() {
      const vitals = message<Vitals>(child, ended);
      if (child.connected) child.send('vitals');
      return vitals;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      child.kill();
      await gone;
    },
  };
}

async function message<T>(child: ChildProcess, ended: Promise<never>): Promise<T> {
  const [received] = await Promise.race([once(child, 'message'), ended]);
  return received;
}
