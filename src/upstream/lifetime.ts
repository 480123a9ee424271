import type { MonotonicClock } from './clock.ts';

export type Ending = 'aborted' | 'deadline';

const once = { once: true } as const;

/**
 * How long a session may still wait: until its signal fires or its deadline passes. Hundreds of calls of one session share
 * one listener on the signal and one timer, and both are there only while something waits.
 */
export class Lifetime {
  /** In the clock's ms; Infinity for none. */
  readonly deadline: number;
  readonly #clock: MonotonicClock;
  #unseen: { readonly signal?: AbortSignal | undefined } | undefined;
  #signal: AbortSignal | undefined;
  #aborted: (() => void) | undefined;
  #waiting: Set<(ending: Ending) => void> | undefined;
  #cancelTimer: (() => void) | undefined;

  /** The signal is not looked at before `look`: it may be one that is made when it is asked for. */
  constructor(clock: MonotonicClock, deadlineMs: number, options: { readonly signal?: AbortSignal | undefined }) {
    this.#clock = clock;
    this.deadline = clock.monotonicMs() + deadlineMs;
    this.#unseen = options;
  }

  /** For what takes no time: as far as it is known without a look. */
  get ending(): Ending | undefined {
    if (this.#signal?.aborted) return 'aborted';
    return this.#clock.monotonicMs() >= this.deadline ? 'deadline' : undefined;
  }

  /** For what may take time. */
  look(): Ending | undefined {
    if (this.#unseen !== undefined) {
      this.#signal = this.#unseen.signal;
      this.#unseen = undefined;
    }
    return this.ending;
  }

  /** Calls `listener` when the session ends, once. Returns the way to stop. `look` first. */
  onEnd(listener: (ending: Ending) => void): () => void {
    this.#waiting ??= new Set();
    const waiting = this.#waiting;
    if (waiting.size === 0) {
      if (this.#signal !== undefined) {
        // V8 makes a function that is written where it is assigned to a member in the old generation, where it keeps all that it knows until a full collection.
        const aborted = (): void => this.#end('aborted');
        this.#aborted = aborted;
        this.#signal.addEventListener('abort', aborted, once);
      }
      this.#cancelTimer = this.#clock.after(this.deadline - this.#clock.monotonicMs(), () => this.#end('deadline'));
    }
    waiting.add(listener);
    return () => {
      if (waiting.delete(listener) && waiting.size === 0) this.#rest();
    };
  }

  #end(ending: Ending): void {
    const told = [...(this.#waiting ?? [])];
    this.#waiting?.clear();
    this.#rest();
    for (const listener of told) listener(ending);
  }

  #rest(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#aborted !== undefined) this.#signal?.removeEventListener('abort', this.#aborted);
    this.#aborted = undefined;
  }
}
