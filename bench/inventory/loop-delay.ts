/**
 * Samples how long the event loop is blocked. On a busy machine another process may hold the CPU meanwhile, so that
 * `busy` counts only the CPU time of this process, all of its threads.
 */
export class LoopDelay {
  #timer: NodeJS.Timeout | undefined;
  #busy = 0;
  #total = 0;

  start(): void {
    this.#busy = 0;
    this.#total = 0;
    this.#sample(performance.now(), cpuMs());
  }

  /** Returns the longest delays since `start`, in ms. */
  stop(): { readonly busy: number; readonly total: number } {
    clearTimeout(this.#timer);
    return { busy: this.#busy, total: this.#total };
  }

  #sample(at: number, cpu: number): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      const cpuNow = cpuMs();
      // The timer itself takes 1 ms.
      const delay = now - at - 1;
      this.#total = Math.max(this.#total, delay);
      this.#busy = Math.max(this.#busy, Math.min(delay, cpuNow - cpu));
      this.#sample(now, cpuNow);
    }, 1);
  }
}

/** The CPU time of this process, all threads, in ms. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
