import { at } from '../at.ts';
import { CloseCode } from './close-codes.ts';

/** For how long a connection may stay open: until its caller's token expires, or, when nobody has said who calls, for a moment. */
export class Validity {
  readonly #close: (code: number, reason: string) => void;
  #expiry = Number.POSITIVE_INFINITY;
  #callOffExpiry = () => {};
  #callOffWait = () => {};

  constructor(close: (code: number, reason: string) => void) {
    this.#close = close;
  }

  /** The connection is closed at that time, in ms since the epoch, unless it is to be closed before. */
  expiresAt(time: number): void {
    if (time >= this.#expiry) return;
    this.#expiry = time;
    this.#callOffExpiry();
    this.#callOffExpiry = at(time, () =>
      this.#close(CloseCode.TokenExpired, 'The token has expired; connect again with a new one.'),
    );
  }

  /** The connection is closed after that time, in ms, unless an operation shows who calls (as those of GraphiQL do). */
  mustAuthenticateWithin(ms: number): void {
    this.#callOffWait = at(Date.now() + ms, () =>
      this.#close(CloseCode.Forbidden, 'Nobody has said who calls: send connectionParams.authorization.'),
    );
  }

  authenticated(): void {
    this.#callOffWait();
  }

  /** The connection has ended. */
  end(): void {
    this.#callOffExpiry();
    this.#callOffWait();
  }
}
