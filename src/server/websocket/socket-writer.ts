import type { WebSocket } from 'ws';

const TEXT = { binary: false };

/**
 * Sends text messages. `send` returns undefined when the message has been handed to the operating system, as most are at once, and otherwise a promise of it,
 * so that a client that does not read delays its own operations only. Messages to a client that has disconnected are dropped.
 */
export class SocketWriter {
  readonly #socket: WebSocket;
  /** One function for all messages: a closure for each would cost more than sending it. */
  readonly #onFlushed = () => this.#flushed();
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** `message`: text, or text in UTF-8. */
  send(message: string | Buffer): Promise<void> | undefined {
    if (this.#socket.readyState !== this.#socket.OPEN) return undefined;
    this.#socket.send(message, TEXT, this.#onFlushed);
    if (this.#socket.bufferedAmount === 0) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #flushed(): void {
    if (this.#waiting.length === 0) return;
    if (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
