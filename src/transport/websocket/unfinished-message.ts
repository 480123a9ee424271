/** What a buffered chunk costs beside its bytes, so that many tiny ones are not free. */
const CHUNK_OVERHEAD = 256;
/** A frame's header from a client: two bytes, a mask, and for longer payloads their length (RFC 6455, section 5.2). */
const headerBytes = (payload: number) => (payload < 126 ? 6 : payload < 65_536 ? 8 : 14);

/**
 * Estimates the memory of a message that has arrived in part. ws emits each frame or message in the same turn as the chunk that completes it: what it has not emitted
 * after a chunk, it holds. The estimate is never too small, as a message can only have more header bytes than assumed, in fragments.
 */
export class UnfinishedMessage {
  #emittedBytes = 0;
  #isMessageEmitted = false;
  #pendingBytes = 0;
  #memory = 0;

  /** What has arrived of it, its headers included. */
  get bytes(): number {
    return this.#pendingBytes;
  }

  /** A ping, a pong or a message was emitted, with so many bytes. */
  emitted(bytes: number, isMessage: boolean): void {
    this.#emittedBytes += headerBytes(bytes) + bytes;
    if (isMessage) this.#isMessageEmitted = true;
  }

  /** A chunk of so many bytes has arrived, and ws has emitted what it completes. Returns the bytes that are held from now on. */
  received(bytes: number): number {
    const change = bytes - this.#emittedBytes;
    const isMessageEmitted = this.#isMessageEmitted;
    this.#emittedBytes = 0;
    this.#isMessageEmitted = false;
    if (change === 0 && !isMessageEmitted) return this.#memory;
    this.#pendingBytes = Math.max(0, this.#pendingBytes + change);
    // Only the last chunk can hold bytes of a message that follows one that is complete.
    if (isMessageEmitted) this.#pendingBytes = Math.min(this.#pendingBytes, bytes);
    const held = bytes + CHUNK_OVERHEAD;
    if (this.#pendingBytes === 0) this.#memory = 0;
    else this.#memory = isMessageEmitted ? held : this.#memory + held;
    return this.#memory;
  }
}
