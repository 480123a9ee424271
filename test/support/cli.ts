import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { reportError } from '../../src/cli/run.ts';

const root = join(import.meta.dirname, '..', '..');

let isBuilt = false;

/** Compiles the sources when dist/ is not of them. `npm test` has done so before; a single file's run may not. */
export function build(): void {
  if (isBuilt) return;
  isBuilt = true;
  execFileSync(process.execPath, [join(root, 'scripts', 'build-if-stale.mjs')], { stdio: 'ignore' });
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `orgql ...args` as a process of its own, with an environment of its own. */
export class Orgql implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  #stdout = '';
  #stderr = '';
  #ready: Promise<string>;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.process = spawn(process.execPath, [join(root, 'dist', 'main.js'), ...args], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.finished = once(this.process, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#ready = new Promise((resolve, reject) => {
      this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.#stdout += text;
        if (this.#stdout.includes('\n')) resolve(this.#stdout.trimEnd());
      });
      this.process.once('close', () =>
        reject(new Error(`it ended without a line on standard output: ${this.#stderr}`)),
      );
    });
    // A test that does not wait for readiness has no use for its failure either.
    this.#ready.catch(() => {});
  }

  /** The ready line. Rejects when the process ends without one. */
  ready(): Promise<string> {
    return this.#ready;
  }

  /** The URL in the ready line. */
  async url(): Promise<string> {
    return (await this.#ready).replace(/^.* at /, '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.finished;
  }
}

/** `orgql ...args` in this process, which takes a fraction of the time of a process of its own. Rejects when the start fails. */
export async function startInProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const restore = enterEnvironment(environment);
  try {
    const running = await parseCommandLine(args)();
    if (running === undefined) throw new Error(`orgql ${args.join(' ')} starts nothing`);
    return {
      ready: running.ready,
      url: running.ready.replace(/^.* at /, ''),
      close: () => running.close(),
      async [Symbol.asyncDispose]() {
        await running.close();
        restore();
      },
    };
  } catch (error) {
    restore();
    throw error;
  }
}

/** `orgql ...args` in this process, for a command line that starts nothing or cannot start: its exit code, and what it prints. */
export async function finishInProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Omit<Finished, 'signal'>> {
  const restore = enterEnvironment(environment);
  const printed = { stdout: '', stderr: '' };
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.stdout += text;
    return true;
  });
  const print = (...texts: readonly unknown[]) => {
    printed.stderr += `${texts.join(' ')}\n`;
  };
  const stderr = [
    vi.spyOn(console, 'error').mockImplementation(print),
    vi.spyOn(console, 'warn').mockImplementation(print),
  ];
  try {
    const running = await parseCommandLine(args)();
    try {
      await running?.finished;
    } finally {
      await running?.close();
    }
    return { code: 0, ...printed };
  } catch (error) {
    const code = reportError(error);
    return { code, ...printed };
  } finally {
    for (const spy of [stdout, ...stderr]) spy.mockRestore();
    restore();
  }
}

/** Replaces the variables that orgql reads, and undoes this and what a start does to the process. */
function enterEnvironment(environment: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  const listeners = process.listeners('uncaughtException');
  for (const name of Object.keys(before)) if (/^(ORGQL|OTEL|AWS_(?!SDK))/.test(name)) delete process.env[name];
  Object.assign(process.env, environment);
  return () => {
    for (const name of Object.keys(environment)) delete process.env[name];
    Object.assign(process.env, before);
    for (const listener of process.listeners('uncaughtException'))
      if (!listeners.includes(listener)) process.off('uncaughtException', listener);
  };
}
