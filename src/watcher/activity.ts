/** Something that changes now and then, and that others wait for. */
export class Activity {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** The number of changes so far. */
  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count += 1;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  /** Resolves after a change that follows the `since`th. Rejects with the signal's reason when it fires before. */
  async after(since: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count > since) return;
    await new Promise<void>((resolve, reject) => {
      const onChange = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.delete(onChange);
        reject(signal.reason);
      };
      this.#waiting.add(onChange);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
