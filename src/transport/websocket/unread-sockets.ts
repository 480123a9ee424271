import type { SocketWriter } from './socket-writer.ts';

/** The WebSockets of all clients that have not read what was sent to them. */
export class UnreadSockets {
  readonly #writers = new Set<SocketWriter>();

  add(writer: SocketWriter): void {
    this.#writers.add(writer);
  }

  delete(writer: SocketWriter): void {
    this.#writers.delete(writer);
  }

  /** All clients together exceed their bound: disconnects the one that holds most. False when there is none. */
  terminateLargest(): boolean {
    let largest: SocketWriter | undefined;
    for (const writer of this.#writers) if (writer.unsentBytes > (largest?.unsentBytes ?? 0)) largest = writer;
    largest?.terminate('total');
    return largest !== undefined;
  }
}
