/** The largest HTTP body and WebSocket message, in bytes. An operation with the largest policy document (10 kB) is far below. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** A WebSocket that has not said `connection_init` after this long is closed with 4408, in ms. */
export const CONNECTION_INIT_TIMEOUT_MS = 10_000;

/** A WebSocket is pinged this often, and ended when it has not answered by the next time, in ms. */
export const PING_INTERVAL_MS = 15_000;

/** A client that does not answer the close of its WebSocket for this long is not waited for, in ms. */
export const CLOSE_TIMEOUT_MS = 5_000;
