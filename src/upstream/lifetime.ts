import type { Clock } from './clock.ts';
import type { StopSignal } from './stop.ts';

export type Ending = 'aborted' | 'deadline';

/**
 * How long a session may still wait: until its signal fires or its deadline passes. Hundreds of calls of one session share
 * one listener on the signal and one timer, and both are there only while something waits.
 */
export class Lifetime {
  /** In the clock's ms; Infinity for none. */
  readonly deadline: number;
  readonly #clock: Clock;
  #signal: StopSignal | undefined;
  #makeSignal: (() => StopSignal) | undefined;
  #aborted: (() => void) | undefined;
  #waiting: Set<(ending: Ending) => void> | undefined;
  #cancelTimer: (() => void) | undefined;

  /** `makeSignal`: for a signal that nobody has made yet. */
  constructor(
    clock: Clock,
    deadlineMs: number,
    {
      signal,
      makeSignal,
    }: { readonly signal?: StopSignal | undefined; readonly makeSignal?: (() => StopSignal) | undefined },
  ) {
    this.#clock = clock;
    this.deadline = clock.now() + deadlineMs;
    this.#signal = signal;
    this.#makeSignal = makeSignal;
  }

  /** As far as it is known without making the signal: enough for what takes no time. */
  get ending(): Ending | undefined {
    if (this.#signal?.aborted) return 'aborted';
    return this.#clock.now() >= this.deadline ? 'deadline' : undefined;
  }

  /** For what may take time. */
  look(): Ending | undefined {
    if (this.#makeSignal !== undefined) {
      this.#signal = this.#makeSignal();
      this.#makeSignal = undefined;
    }
    return this.ending;
  }

  /** Calls `listener` when the session ends, once. Returns the way to stop. `look` first. */
  onEnd(listener: (ending: Ending) => void): () => void {
    this.#waiting ??= new Set();
    const waiting = this.#waiting;
    if (waiting.size === 0) {
      this.#aborted ??= () => this.#end('aborted');
      this.#signal?.addEventListener('abort', this.#aborted, { once: true });
      this.#cancelTimer = this.#clock.after(this.deadline - this.#clock.now(), () => this.#end('deadline'));
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
  }
}
