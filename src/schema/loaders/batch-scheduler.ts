import type { GraphContext } from '../context.ts';

interface Waiter {
  readonly isReady: () => boolean;
  readonly proceed: () => void;
}

/** Decides when the batches of one operation are dispatched: once no list read in flight can add keys to them. */
export class BatchScheduler {
  readonly #context: Pick<GraphContext, 'turns'>;
  /** How many reads of each source are in flight. */
  readonly #inFlight = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #isScheduled = false;

  constructor(context: Pick<GraphContext, 'turns'>) {
    this.#context = context;
  }

  /** Resolves in the first turn of the event loop in which `isReady` returns true. */
  when(isReady: () => boolean): Promise<void> {
    return new Promise((proceed) => {
      this.#waiters.add({ isReady, proceed });
      this.#schedule();
    });
  }

  /** Counts a read of a source until it settles. */
  track(source: string, reading: Promise<unknown>): void {
    this.#inFlight.set(source, (this.#inFlight.get(source) ?? 0) + 1);
    const end = () => {
      this.#inFlight.set(source, (this.#inFlight.get(source) ?? 1) - 1);
      this.#schedule();
    };
    reading.then(end, end);
  }

  isInFlight(source: string): boolean {
    return (this.#inFlight.get(source) ?? 0) > 0;
  }

  /** Waits for the end of the turn: the replies that have arrived first add all the keys that they add. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiters.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const { turns } = this.#context;
      // Resolvers that have not run yet load keys, too.
      if (turns?.isPaused) void turns.resumed().then(() => this.#schedule());
      else this.#proceed();
    });
  }

  #proceed(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isReady()) continue;
      this.#waiters.delete(waiter);
      waiter.proceed();
      // What it starts may add keys to the batches behind it, but is not in flight before the next turn.
      this.#schedule();
      return;
    }
  }
}
