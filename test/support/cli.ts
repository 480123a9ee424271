import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Compiles the sources when dist/ is not of them. `npm test` has done so before; a single file's run may not. */
export function build(): void {
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
