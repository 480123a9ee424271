import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

const NOTHING = Buffer.alloc(0);

/**
 * Sends what a client is told. Both ways to send answer undefined when the message has left, as most has at once, and else with a promise of it, so that a client
 * that does not read holds up its own subscription only. What is said to a client that has gone is lost.
 */
export class Line {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;

  /** `stream`: what the WebSocket writes to. */
  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
  }

  /** A text message. */
  send(message: string): Promise<void> | undefined {
    if (!this.#open) return undefined;
    this.#socket.send(message);
    return this.#left();
  }

  /** A whole frame that is made already. Nothing of ours is compressed, so that ws never holds a frame back that this one could overtake. */
  sendFrame(frame: Buffer): Promise<void> | undefined {
    if (!this.#open) return undefined;
    this.#stream.write(frame);
    return this.#left();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  get #open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#stream.writable;
  }

  #left(): Promise<void> | undefined {
    if (this.#stream.writableLength === 0) return undefined;
    // Behind all the rest: a callback for every message would cost those that leave at once as much.
    return new Promise((resolve, reject) => {
      this.#stream.write(NOTHING, (error) => (error ? reject(error) : resolve()));
    });
  }
}
