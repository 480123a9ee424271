export interface Due {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly run: (at: number) => void;
}

/**
 * Runs tasks such as expiry and retention when they are due. There is no timer: the world runs due tasks, in order,
 * before
 * each access. Tasks cannot be canceled, so each one checks whether it still applies.
 */
export class Agenda {
  readonly #heap: Due[] = [];

  /** Time of the next task, in ms since the epoch; Infinity if there is none. */
  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: number, run: (at: number) => void): void {
    const heap = this.#heap;
    const due = { at, run };
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || above.at <= at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  settle(now: number): void {
    for (let due = this.#heap[0]; due && due.at <= now; due = this.#heap[0]) {
      this.#removeFirst();
      due.run(due.at);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const lesser =
        (heap[right]?.at ?? Number.POSITIVE_INFINITY) < (heap[left]?.at ?? Number.POSITIVE_INFINITY) ? right : left;
      const child = heap[lesser];
      if (!child || child.at >= last.at) break;
      heap[index] = child;
      index = lesser;
    }
    heap[index] = last;
  }
}
