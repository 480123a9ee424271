import type { ByteBudget, ByteReservation } from '../../pipeline/byte-budget.ts';
import type { ReadPause } from './read-pause.ts';
import type { SocketWriter } from './socket-writer.ts';

/** So many operations of one WebSocket start in a turn of the event loop; then those of others have their turn, and results are sent. */
const OPERATIONS_PER_TURN = 4;
/** So many operations of one WebSocket wait for the scheduler: each may have a long result, and only then it shows that the client reads none. */
const MAX_NOT_BEGUN = 4;

/**
 * Lets the operations of a WebSocket start in their order: none while results wait to be sent on it, or while its caller has exceeded its bound of buffered bytes.
 * While operations wait, nothing is read from the client.
 */
export class OperationQueue {
  readonly #writer: SocketWriter;
  readonly #reservation: ByteReservation;
  readonly #buffers: ByteBudget;
  readonly #reading: ReadPause;
  #waiting: (() => void)[] = [];
  #startedInTurn = 0;
  #notBegun = 0;
  #stopListening: (() => void) | undefined;

  constructor(writer: SocketWriter, reservation: ByteReservation, buffers: ByteBudget, reading: ReadPause) {
    this.#writer = writer;
    this.#reservation = reservation;
    this.#buffers = buffers;
    this.#reading = reading;
    const start = (): void => this.#start();
    writer.onDrained = start;
  }

  /** Undefined when an operation may start now. `begun` is to be called afterwards, once for each operation. */
  turn(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#mayStart()) {
      this.#count();
      return undefined;
    }
    this.#reading.pause('waiting operations');
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#listen();
    return turn;
  }

  /** An operation that has started executes, or does not any more. */
  begun(): void {
    this.#notBegun -= 1;
    this.#start();
  }

  /** The socket has closed: nothing waits any longer. */
  end(): void {
    this.#stopListening?.();
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  #mayStart(): boolean {
    return (
      this.#startedInTurn < OPERATIONS_PER_TURN &&
      this.#notBegun < MAX_NOT_BEGUN &&
      this.#writer.unsentBytes === 0 &&
      !this.#isCallerFull
    );
  }

  /** What all clients together exceed is the largest's fault, and delays no other client. */
  get #isCallerFull(): boolean {
    const exceeded = this.#reservation.exceeded(1);
    return exceeded === 'perCaller' || exceeded === 'perConnection';
  }

  #count(): void {
    this.#notBegun += 1;
    this.#startedInTurn += 1;
    if (this.#startedInTurn > 1) return;
    setImmediate(() => {
      this.#startedInTurn = 0;
      this.#start();
    });
  }

  #start(): void {
    if (this.#waiting.length === 0) return;
    while (this.#mayStart()) {
      const resolve = this.#waiting.shift();
      if (resolve === undefined) break;
      this.#count();
      resolve();
    }
    if (this.#waiting.length > 0) {
      this.#listen();
      return;
    }
    this.#stopListening?.();
    this.#reading.resume('waiting operations');
  }

  /** Other connections of the caller may release what this one waits for. */
  #listen(): void {
    if (this.#stopListening !== undefined || !this.#isCallerFull) return;
    const stop = this.#buffers.onRelease(() => {
      if (!this.#isCallerFull) this.#start();
    });
    const stopListening = (): void => {
      stop();
      this.#stopListening = undefined;
    };
    this.#stopListening = stopListening;
  }
}
