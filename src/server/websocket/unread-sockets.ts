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

  /** The one for which most bytes are buffered: it has to go when all clients together exceed their bound. */
  get largest(): SocketWriter | undefined {
    let largest: SocketWriter | undefined;
    for (const writer of this.#writers) if (writer.unsentBytes > (largest?.unsentBytes ?? 0)) largest = writer;
    return largest;
  }
}
