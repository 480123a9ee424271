import { type ChildProcess, fork } from 'node:child_process';

/** The requests of a bench process, with their results. */
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

/** Handles the bench's requests in the child process. */
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

/** A child process of the bench. Each server has its own, so that its memory and CPU are measured separately. */
export class Part implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #script: string;
  readonly #gone: Promise<void>;
  readonly #waiting = new Map<number, Waiter>();
  /** Describes how the process ended. */
  #end: string | undefined;
  #asked = 0;

  /** @param script a path relative to this file, or a URL */
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

  /** Sends a request. Rejects with the process's error, or with how it ended. */
  ask(name: string, argument?: unknown): Promise<unknown> {
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { name, resolve, reject });
      if (this.#end !== undefined) return this.#fail(number);
      // If the message cannot be sent, the process has ended, and its exit is reported.
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
  /** CPU time since the start of the process, in µs. */
  readonly cpu: number;
  /** Time on the process's clock, in ms. */
  readonly at: number;
}

export function spent(): Spent {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, at: performance.now() };
}

/** Returns the resident memory after a garbage collection, in bytes. */
export function used(): number {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().rss;
}
