import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a server's process says of itself. */
export interface Vitals {
  /** After a garbage collection, in bytes. */
  readonly heap: number;
  /** How late the event loop was since the last time, in ms. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Sockets and timers that keep the process alive. */
  readonly handles: number;
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  vitals(): Promise<Vitals>;
}

/** Runs a script of this folder in a process of its own; it sends its URL, and its vitals when it is asked for them. */
export async function startProcess(script: string, ...args: readonly string[]): Promise<ServerProcess> {
  // Compiled or not: the script is of the same kind as this one.
  const file = new URL(`./${script}${import.meta.url.slice(-3)}`, import.meta.url);
  const child = fork(file, [...args], { execArgv: ['--expose-gc', '--enable-source-maps'] });
  const { url } = await message<{ url: string }>(child);
  return {
    url,
    vitals() {
      child.send('vitals');
      return message<Vitals>(child);
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [received] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the process ended before it answered'))),
  ]);
  return received;
}
