/** A client that does not answer the close of its WebSocket for this long is not waited for, in ms. */
export const CLOSE_TIMEOUT_MS = 5_000;
