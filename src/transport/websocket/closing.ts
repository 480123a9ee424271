import type { WebSocket } from 'ws';
import { setTimerAt } from '../../pipeline/steps/caller-expiry.ts';

/**
 * Close codes beside those of the graphql-transport-ws protocol (4400 bad message, 4401 operation before
 * `connection_init`, 4408 no `connection_init`, 4409 id in use, 4429 second `connection_init`, 4500 internal) and ws's
 * own 1009 (message too big).
 */
export const CloseCode = {
  /** RFC 6455: the server is going down. graphql-ws clients connect again after it, by themselves. */
  GoingAway: 1001,
  /** RFC 6455: nothing is wrong with the request, but it cannot be handled now. */
  TryAgainLater: 1013,
  /** RFC 6455: a message is too large. */
  MessageTooBig: 1009,
  /** graphql-transport-ws: a message that the protocol does not know. */
  BadRequest: 4400,
  /** graphql-transport-ws: the credentials are missing or wrong, or give no access. */
  Forbidden: 4403,
  /** The token or key has expired. graphql-ws clients connect again after it, with new `connectionParams`. */
  TokenExpired: 4410,
  /** The client has read nothing of the pending messages for `limits.sendTimeoutMs`. */
  ClientTooSlow: 4411,
  /** A bound of `limits.bufferedBytes` does not allow the message that the client is sending. */
  BufferedBytesExceeded: 4412,
  /** Too many messages or pings: before the client has shown valid credentials, or per second. */
  TooManyMessages: 4413,
  /** A message was not complete within `limits.bodyTimeoutMs`. */
  MessageTimeout: 4414,
  /** graphql-transport-ws: no `connection_init` within `limits.connectionInitTimeoutMs`. */
  InitTimeout: 4408,
  /** graphql-transport-ws: an error outside of an operation. */
  InternalServerError: 4500,
} as const;

/** The time to wait for the client's close frame, in ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/** The same for a rejected client, in ms: enough to receive the close frame. */
const REJECT_TIMEOUT_MS = 1_000;

/** Closes a WebSocket, and terminates it when the client does not answer the close frame soon. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  close(socket, code, reason, CLOSE_TIMEOUT_MS);
  // The client's own close frame has to be read.
  socket.resume();
}

/** Closes a WebSocket whose client sends too much, and stops reading from it. */
export function rejectSocket(socket: WebSocket, code: number, reason: string): void {
  close(socket, code, reason, REJECT_TIMEOUT_MS);
  socket.pause();
}

function close(socket: WebSocket, code: number, reason: string, timeoutMs: number): void {
  if (socket.readyState !== socket.OPEN) return;
  const timer = setTimeout(() => socket.terminate(), timeoutMs);
  socket.once('close', () => clearTimeout(timer));
  socket.close(code, reason);
}

/** Closes a connection when its caller's token expires, or when the client does not authenticate in time. */
export class ConnectionExpiry {
  readonly #close: (code: number, reason: string) => void;
  readonly #onInitTimeout: () => void;
  #isEnded = false;
  #expiry = Number.POSITIVE_INFINITY;
  #cancelExpiry: (() => void) | undefined;
  #initTimer: NodeJS.Timeout | undefined;

  /** `onInitTimeout`: the client has not authenticated in time. */
  constructor(close: (code: number, reason: string) => void, onInitTimeout: () => void) {
    this.#close = close;
    this.#onInitTimeout = onInitTimeout;
  }

  /** The connection is closed at that time, in ms since the epoch, unless it is to be closed before. */
  expiresAt(time: number): void {
    if (time >= this.#expiry) return;
    this.#expiry = time;
    this.#cancelExpiry?.();
    this.#cancelExpiry = setTimerAt(time, () =>
      this.#close(CloseCode.TokenExpired, 'The token has expired; connect again with a new one.'),
    );
  }

  /** Closes the connection after that time, in ms, unless an operation shows credentials (as GraphiQL's do). */
  mustAuthenticateWithin(ms: number): void {
    if (this.#isEnded) return;
    this.#initTimer = setTimeout(() => {
      this.#onInitTimeout();
      this.#close(CloseCode.Forbidden, 'The credentials are missing: send connectionParams.authorization.');
    }, ms);
  }

  authenticated(): void {
    clearTimeout(this.#initTimer);
  }

  /** The connection has ended. */
  end(): void {
    this.#isEnded = true;
    this.#cancelExpiry?.();
    clearTimeout(this.#initTimer);
  }
}
