export interface Task {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly run: (time: number) => void;
}

/**
 * Runs tasks such as expiry and retention when they are due. There is no timer: the world runs due tasks, in order,
 * before each access. Tasks cannot be canceled, so each one checks whether it still applies.
 */
export class Scheduler {
  readonly #heap: Task[] = [];

  /** Time of the next task, in ms since the epoch; Infinity if there is none. */
  get nextTaskAt(): number {
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  add(time: number, run: (time: number) => void): void {
    const heap = this.#heap;
    const task = { time, run };
    let index = heap.push(task) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || above.time <= time) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = task;
  }

  runDueTasks(now: number): void {
    for (let task = this.#heap[0]; task && task.time <= now; task = this.#heap[0]) {
      this.#removeFirst();
      task.run(task.time);
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
        (heap[right]?.time ?? Number.POSITIVE_INFINITY) < (heap[left]?.time ?? Number.POSITIVE_INFINITY) ? right : left;
      const child = heap[lesser];
      if (!child || child.time >= last.time) break;
      heap[index] = child;
      index = lesser;
    }
    heap[index] = last;
  }
}
