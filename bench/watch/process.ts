import { type ChildProcess, fork } from 'node:child_process';

/** What a process of the bench can be asked, and what it answers. */
export type Handlers = Readonly<Record<string, (argument: unknown) => unknown>>;

interface Question {
  readonly number: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In the process: answers what the bench asks. */
export function answer(handlers: Handlers): void {
  process.on('message', async ({ number, name, argument }: Question) => {
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`nothing answers to ${name}`);
      process.send?.({ number, value: await handler(argument) } satisfies Answer);
    } catch (error) {
      process.send?.({ number, error: String(error) } satisfies Answer);
    }
  });
  process.on('disconnect', () => process.exit());
}

interface Waiter {
  readonly name: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One process of the bench: each server has its own, so that memory and CPU are its own. */
export class Part implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #script: string;
  readonly #gone: Promise<void>;
  readonly #waiting = new Map<number, Waiter>();
  /** How it has ended. */
  #end: string | undefined;
  #asked = 0;

  /** `script`: relative to this file, or a URL. */
  constructor(script: string) {
    this.#script = script;
    this.#process = fork(new URL(script, import.meta.url), { execArgv: ['--expose-gc'] });
    this.#process.on('message', (answer: Answer) => this.#hear(answer));
    this.#gone = new Promise((resolve) => {
      const end = (how: string) => {
        this.#end ??= how;
        for (const number of this.#waiting.keys()) this.#fail(number);
        resolve();
      };
      this.#process.once('error', (error) => end(String(error)));
      this.#process.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
    });
  }

  /** Rejects with what the process failed with, or how it has ended instead of answering. */
  ask(name: string, argument?: unknown): Promise<unknown> {
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { name, resolve, reject });
      if (this.#end !== undefined) return this.#fail(number);
      // A failed send means that the process has ended, which its exit reports.
      this.#process.send({ number, name, argument } satisfies Question, () => {});
      return undefined;
    });
  }

  #hear({ number, value, error }: Answer): void {
    const waiter = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(error));
  }

  #fail(number: number): void {
    const waiter = this.#waiting.get(number);
    this.#waiting.delete(number);
    waiter?.reject(new Error(`${this.#script} has ended (${this.#end}) and will not answer to ${waiter.name}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#gone;
  }
}

export interface Spent {
  /** In µs, since the process began. */
  readonly cpu: number;
  /** In ms, of the process's clock. */
  readonly at: number;
}

export function spent(): Spent {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, at: performance.now() };
}

/** Resident memory after a collection, in bytes. */
export function used(): number {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().rss;
}
