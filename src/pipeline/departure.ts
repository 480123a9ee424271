import { setMaxListeners } from 'node:events';

/** How far the server's end has come. */
export class Departure {
  readonly #leaving = new AbortController();
  #announced = false;

  constructor() {
    // Every stream of events listens; they are limited elsewhere.
    setMaxListeners(0, this.#leaving.signal);
  }

  /** Whether balancers are told to send nobody any more. */
  get announced(): boolean {
    return this.#announced;
  }

  /** Fires when subscriptions end and new operations are refused. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  announce(): void {
    this.#announced = true;
  }

  leave(): void {
    this.#announced = true;
    this.#leaving.abort();
  }
}
