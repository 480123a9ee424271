import type { Clock } from './clock.ts';

export type Ending = 'aborted' | 'deadline';

/**
 * How long a session may still wait: until its signal fires or its deadline passes. Hundreds of calls of one session share
 * one listener on the signal and one timer, and both are there only while something waits.
 */
export class Lifetime {
  /** In the clock's ms; Infinity for none. */
  readonly deadline: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<(ending: Ending) => void>();
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, signal: AbortSignal | undefined, deadlineMs: number) {
    this.#clock = clock;
    this.#signal = signal;
    this.deadline = clock.now() + deadlineMs;
  }

  get ending(): Ending | undefined {
    if (this.#signal?.aborted) return 'aborted';
    return this.#clock.now() >= this.deadline ? 'deadline' : undefined;
  }

  /** Calls `listener` when the session ends, once. Returns the way to stop. Look at `ending` first. */
  onEnd(listener: (ending: Ending) => void): () => void {
    if (this.#waiting.size === 0) {
      this.#signal?.addEventListener('abort', this.#aborted, { once: true });
      this.#cancelTimer = this.#clock.after(this.deadline - this.#clock.now(), () => this.#end('deadline'));
    }
    this.#waiting.add(listener);
    return () => {
      if (this.#waiting.delete(listener) && this.#waiting.size === 0) this.#rest();
    };
  }

  readonly #aborted = (): void => this.#end('aborted');

  #end(ending: Ending): void {
    const told = [...this.#waiting];
    this.#waiting.clear();
    this.#rest();
    for (const listener of told) listener(ending);
  }

  #rest(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#signal?.removeEventListener('abort', this.#aborted);
  }
}
