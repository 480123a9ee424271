import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

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

/** One process of the bench: each server has its own, so that memory and CPU are its own. */
export class Part implements AsyncDisposable {
  readonly #process: ChildProcess;
  #asked = 0;

  constructor(script: string) {
    this.#process = fork(new URL(script, import.meta.url), { execArgv: ['--expose-gc'] });
    this.#process.setMaxListeners(0);
  }

  ask(name: string, argument?: unknown): Promise<unknown> {
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve, reject) => {
      const hear = (answer: Answer) => {
        if (answer.number !== number) return;
        this.#process.off('message', hear);
        if (answer.error === undefined) resolve(answer.value);
        else reject(new Error(answer.error));
      };
      this.#process.on('message', hear);
      this.#process.send({ number, name, argument } satisfies Question);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.disconnect();
    await gone;
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
