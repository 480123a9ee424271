import { at } from '../at.ts';
import { CloseCode } from './close-codes.ts';
import type { SocketWriter } from './socket-writer.ts';

/** For how long a connection may stay open: until its caller's token expires, or, when nobody has said who calls, for a moment. */
export class Validity {
  readonly #writer: Pick<SocketWriter, 'close'>;
  #expiry = Number.POSITIVE_INFINITY;
  #callOffExpiry: (() => void) | undefined;
  #callOffWait: (() => void) | undefined;

  constructor(writer: Pick<SocketWriter, 'close'>) {
    this.#writer = writer;
  }

  /** The connection is closed at that time, in ms since the epoch, unless it is to be closed before. */
  expiresAt(time: number): void {
    if (time >= this.#expiry) return;
    this.#expiry = time;
    this.#callOffExpiry?.();
    this.#callOffExpiry = at(time, () =>
      this.#writer.close(CloseCode.TokenExpired, 'The token has expired; connect again with a new one.'),
    );
  }

  /** The connection is closed after that time, in ms, unless an operation shows who calls (as those of GraphiQL do). */
  mustAuthenticateWithin(ms: number): void {
    const close = () =>
      this.#writer.close(CloseCode.Forbidden, 'Nobody has said who calls: send connectionParams.authorization.');
    const timer = setTimeout(close, ms).unref();
    const callOff = () => clearTimeout(timer);
    this.#callOffWait = callOff;
  }

  authenticated(): void {
    this.#callOffWait?.();
  }

  /** The connection has ended. */
  end(): void {
    this.#callOffExpiry?.();
    this.#callOffWait?.();
  }
}
