import type { WebSocketCarrier } from './carrier.ts';

/** The operations that run on a connection, by their ids. A subscription has no end to wait for; queries and mutations are finite. */
export class RunningOperations {
  readonly #carriers = new Map<string, WebSocketCarrier>();
  #finite = 0;
  #waiting: (() => void)[] | undefined;

  get size(): number {
    return this.#carriers.size;
  }

  begin(id: string, carrier: WebSocketCarrier): void {
    this.#carriers.set(id, carrier);
    this.#finite += 1;
  }

  /** It is a subscription. */
  subscribed(carrier: WebSocketCarrier): void {
    if (!carrier.finite) return;
    carrier.finite = false;
    this.#finite -= 1;
    if (this.#finite > 0 || this.#waiting === undefined) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = undefined;
  }

  /** Its result is sent, or its client has ended it. */
  end(id: string): WebSocketCarrier | undefined {
    const carrier = this.#carriers.get(id);
    if (carrier === undefined) return undefined;
    this.#carriers.delete(id);
    this.subscribed(carrier);
    return carrier;
  }

  /** The client asks for an operation's end. False when none of that id runs. */
  leave(id: string): boolean {
    const carrier = this.#carriers.get(id);
    carrier?.leave();
    return carrier !== undefined;
  }

  /** Whether an operation runs on that its client has ended. */
  hasLeft(id: string): boolean {
    return this.#carriers.get(id)?.left ?? false;
  }

  /** The client has gone. */
  leaveAll(): void {
    for (const carrier of this.#carriers.values()) carrier.leave();
  }

  /** Resolves when no query or mutation runs. */
  finiteEnded(): Promise<void> {
    if (this.#finite === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }
}
