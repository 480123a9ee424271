/** The queries and mutations that run on a connection: a subscription has no end to wait for. */
export class FiniteOperations {
  readonly #running = new Set<string>();
  #waiting: (() => void)[] = [];

  begin(id: string): void {
    this.#running.add(id);
  }

  /** Its result is told, or it is a subscription. */
  end(id: string): void {
    if (!this.#running.delete(id) || this.#running.size > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  /** Resolves when none runs. */
  none(): Promise<void> {
    return this.#running.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
