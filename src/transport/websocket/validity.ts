import { setTimerAt } from '../../pipeline/steps/caller-expiry.ts';
import { CloseCode } from './close-codes.ts';
import type { SocketWriter } from './socket-writer.ts';

/** For how long a connection may stay open: until its caller's token expires, or, when nobody has said who calls, for a moment. */
export class Validity {
  readonly #writer: Pick<SocketWriter, 'close'>;
  readonly #onInitTimeout: () => void;
  #isEnded = false;
  #expiry = Number.POSITIVE_INFINITY;
  #callOffExpiry: (() => void) | undefined;
  #callOffWait: (() => void) | undefined;

  /** `onInitTimeout`: the client has not authenticated in time. */
  constructor(writer: Pick<SocketWriter, 'close'>, onInitTimeout: () => void) {
    this.#writer = writer;
    this.#onInitTimeout = onInitTimeout;
  }

  /** The connection is closed at that time, in ms since the epoch, unless it is to be closed before. */
  expiresAt(time: number): void {
    if (time >= this.#expiry) return;
    this.#expiry = time;
    this.#callOffExpiry?.();
    this.#callOffExpiry = setTimerAt(time, () =>
      this.#writer.close(CloseCode.TokenExpired, 'The token has expired; connect again with a new one.'),
    );
  }

  /** The connection is closed after that time, in ms, unless an operation shows who calls (as those of GraphiQL do). */
  mustAuthenticateWithin(ms: number): void {
    if (this.#isEnded) return;
    const timer = setTimeout(() => {
      this.#onInitTimeout();
      this.#writer.close(CloseCode.Forbidden, 'The credentials are missing: send connectionParams.authorization.');
    }, ms);
    const callOff = (): void => clearTimeout(timer);
    this.#callOffWait = callOff;
  }

  authenticated(): void {
    this.#callOffWait?.();
  }

  /** The connection has ended. */
  end(): void {
    this.#isEnded = true;
    this.#callOffExpiry?.();
    this.#callOffWait?.();
  }
}
