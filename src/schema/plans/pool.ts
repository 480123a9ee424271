import type { KnownSize } from './known-sizes.ts';

/** A way to answer many demands by reading whole lists, some calls at a time. */
export interface Sweep<A> {
  /** Makes one call or, where lists do not depend on each other, up to `most` side by side. */
  step(most: number): Promise<{ readonly calls: number; readonly complete: boolean }>;
  /** What has been found for a key so far; undefined while it may still come, and when the complete lists do not have it. */
  answer(key: string): A | undefined;
}

export interface PoolOptions<A> {
  readonly sweep: () => Sweep<A>;
  /** Fewer demands than this are read one by one, without a thought. */
  readonly minimum: number;
  /** How many calls of the sweep are worth one direct call: what fits into the same time, and never more than one. */
  readonly worth: number;
  /** What the sweep has taken before, for the same principal. */
  readonly size: KnownSize;
  /** Whether this operation may have more demands soon, so that it pays to wait for them. */
  readonly moreMayCome: () => boolean;
}

interface Demand<A> {
  readonly answer: Promise<A | undefined>;
  settle(answer: A | undefined): void;
}

/**
 * Demands of one kind that one operation makes at about the same time: the accounts of these parents, the objects with these ids.
 * Read one by one each costs a call at least; read by a sweep, all together cost what the lists hold. Nobody knows beforehand
 * how long the lists are, so the sweep may make as many calls as the demands would have cost without it, and is then given up:
 * the worst case is twice the better way, once, as the size is remembered.
 */
export class Pool<A> {
  readonly #options: PoolOptions<A>;
  readonly #waiting = new Map<string, Demand<A>>();
  #sweep: Sweep<A> | undefined;
  #state: 'resting' | 'sweeping' | 'complete' | 'failed' = 'resting';
  #spent = 0;
  /** What the sweep has answered: what is demanded again would not have cost a second call without it. */
  readonly #answered = new Set<string>();

  constructor(options: PoolOptions<A>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves to what the sweep tells, or to undefined when this one is to be read directly. Never rejects. */
  demand(key: string): Promise<A | undefined> {
    const known = this.#sweep?.answer(key);
    if (known !== undefined || this.#state === 'complete') {
      this.#answered.add(key);
      if (this.#state === 'complete') this.#options.size.served = this.#answered.size;
      return Promise.resolve(known);
    }
    if (this.#state === 'failed') return Promise.resolve(undefined);
    const same = this.#waiting.get(key);
    if (same !== undefined) return same.answer;
    let settle: Demand<A>['settle'] = () => undefined;
    const answer = new Promise<A | undefined>((resolve) => {
      settle = resolve;
    });
    this.#waiting.set(key, { answer, settle });
    return answer;
  }

  /** Looks at what is waiting, when all demands of the moment are in. Returns whether it has set anything going. */
  consider(): boolean {
    if (this.#waiting.size === 0 || this.#state !== 'resting') return false;
    if (this.#waiting.size >= this.#options.minimum && this.#allowance() > 0) {
      this.#state = 'sweeping';
      void this.#run();
      return true;
    }
    if (this.#options.moreMayCome()) return false;
    this.#release();
    return true;
  }

  /** How many calls the sweep may make now. */
  #allowance(): number {
    const { size, worth } = this.#options;
    const affordable = Math.floor((this.#waiting.size + this.#answered.size) * worth + 1e-9);
    if (size.exact && size.calls <= affordable) return Number.POSITIVE_INFINITY;
    // What an operation like this one has been worth to the end is begun early again.
    const promising = size.exact ? size.calls <= size.served * worth : size.calls < affordable;
    return promising ? affordable - this.#spent : 0;
  }

  async #run(): Promise<void> {
    this.#sweep ??= this.#options.sweep();
    const { size } = this.#options;
    try {
      for (let left = this.#allowance(); left > 0 && this.#waiting.size > 0; left = this.#allowance()) {
        const { calls, complete } = await this.#sweep.step(left);
        this.#spent += calls;
        if (complete) {
          size.set(this.#spent, true);
          this.#state = 'complete';
          this.#settleFound();
          size.served = this.#answered.size;
          this.#release();
          return;
        }
        // A list that has grown is not swept without end for what was known of it.
        if (this.#spent > size.calls) size.set(this.#spent, false);
        this.#settleFound();
      }
      // The end of the last call makes the planner look again, when what else has come in with it has been dealt with.
      this.#state = 'resting';
    } catch (error) {
      // Whatever it was: read one by one they may do better, or say for themselves what is wrong.
      if (error instanceof NoPlan) size.set(Number.POSITIVE_INFINITY, true);
      this.#state = 'failed';
      this.#release();
    }
  }

  #settleFound(): void {
    for (const [key, { settle }] of this.#waiting) {
      const answer = this.#sweep?.answer(key);
      if (answer === undefined) continue;
      this.#waiting.delete(key);
      this.#answered.add(key);
      settle(answer);
    }
  }

  #release(): void {
    const released = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { settle } of released) settle(undefined);
  }
}

/** The upstream's answers lack what the plan goes by, as those of an emulator may. */
export class NoPlan extends Error {}
