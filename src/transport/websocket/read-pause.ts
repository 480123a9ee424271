import type { WebSocket } from 'ws';

type PauseReason = 'unsent bytes' | 'waiting operations' | 'waiting messages';

/** Pauses reading from a WebSocket for as long as there is a reason to. What arrives in the meantime stays with the client. */
export class ReadPause {
  readonly #socket: WebSocket;
  readonly #reasons = new Set<PauseReason>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  pause(reason: PauseReason): void {
    this.#reasons.add(reason);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.pause();
  }

  resume(reason: PauseReason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#socket.resume();
  }
}
