/** Time that a run takes before it lets others have a turn, in ms. */
const SLICE_MS = 10;
/** Items of lists between two looks at the clock. */
const ITEMS_PER_LOOK = 8;

/** Lets a run with long lists pause, so that it does not hold up all other work of the process. */
export class Turns {
  readonly #nextTurn: () => Promise<void>;
  #end = performance.now() + SLICE_MS;
  #items = 0;
  #pause: Promise<void> | undefined;

  /** `nextTurn` resolves when the run may go on. */
  constructor(nextTurn: () => Promise<void>) {
    this.#nextTurn = nextTurn;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** Asked before each item of a list: whether what is left of the list has to wait for `resumed`. */
  mustPause(): boolean {
    if (this.#pause !== undefined) return true;
    this.#items += 1;
    if (this.#items < ITEMS_PER_LOOK) return false;
    this.#items = 0;
    if (performance.now() < this.#end) return false;
    this.#pause = this.#nextTurn().then(() => {
      this.#pause = undefined;
      this.#end = performance.now() + SLICE_MS;
    });
    return true;
  }

  /** Resolves when the run may go on. */
  async resumed(): Promise<void> {
    // Several lists may wait; one that goes on first can use up the time.
    while (this.#pause !== undefined) await this.#pause;
  }
}
