import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A script of this folder in a process of its own. */
export class Child<Sent> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  /** How the process ended; undefined while it runs. */
  #ending: string | undefined;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#exited = once(child, 'exit').then(([code, signal]) => {
      this.#ending = String(signal ?? `exit code ${code}`);
    });
  }

  /** Resolves with the child process and its first message. `before`: shell commands that the process runs first. */
  static async start<First, Sent = never>(
    script: string,
    args: readonly string[] = [],
    before?: string,
  ): Promise<{ child: Child<Sent>; first: First }> {
    // The script has the same extension as this file, compiled or not.
    const file = new URL(`./${script}${import.meta.url.slice(-3)}`, import.meta.url);
    const started = fork(file, [...args], {
      env: { ...process.env, NODE_ENV: 'production' },
      ...(before !== undefined && {
        execPath: '/bin/sh',
        execArgv: ['-c', `${before}; exec ${JSON.stringify(process.execPath)} "$0" "$@"`],
      }),
    });
    const child = new Child<Sent>(started);
    return { child, first: await child.#message<First>() };
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get ending(): string | undefined {
    return this.#ending;
  }

  /** Sends a request to the child, which replies with one message. */
  ask(question: string): Promise<Sent> {
    const answer = this.#message<Sent>();
    if (this.#process.connected) this.#process.send(question);
    return answer;
  }

  async #message<T>(): Promise<T> {
    const [message] = await Promise.race([
      once(this.#process, 'message'),
      this.#exited.then(() => {
        throw new Error(`a process of the bench has ended (${this.#ending})`);
      }),
    ]);
    return message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

/** Runs a script as a child: it sends its first message, replies to requests, and ends with its parent. */
export function serveParent(first: object, answer: (question: string) => unknown = () => ({})): void {
  process.on('message', async (question) => {
    const answered = await answer(String(question));
    if (process.connected) process.send?.(answered);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(first);
}
