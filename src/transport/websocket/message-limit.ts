/** Messages, pings and pongs that a client may send without valid credentials. Clients of graphql-transport-ws need one, and a ping now and then. */
const MAX_UNAUTHENTICATED = 100;
/** Messages, pings and pongs per second that belong to no operation. */
const MAX_PER_SECOND = 1_000;

/** Counts a client's messages that no other limit counts. */
export class MessageLimit {
  #count = 0;
  /** Of the present second, on the clock of `performance.now()`. Undefined before authentication, where all messages are counted. */
  #startedAt: number | undefined;

  /** False when it is one too many. */
  take(): boolean {
    if (this.#startedAt === undefined) return ++this.#count <= MAX_UNAUTHENTICATED;
    const now = performance.now();
    if (now - this.#startedAt >= 1_000) {
      this.#startedAt = now;
      this.#count = 0;
    }
    return ++this.#count <= MAX_PER_SECOND;
  }

  authenticated(): void {
    this.#startedAt = performance.now();
    this.#count = 0;
  }
}
