import { randomUUID } from 'node:crypto';
import type { ByteBudget, ByteReservation } from '../../pipeline/byte-budget.ts';
import type { ReadPause } from './message-reader.ts';
import type { WebSocketRequest } from './request.ts';
import type { SocketWriter } from './socket-writer.ts';

/** The operations that run on a connection, by their ids. Queries and mutations are finite, subscriptions are not. */
export class RunningOperations {
  readonly #requests = new Map<string, WebSocketRequest>();
  #finite = 0;
  #waiting: (() => void)[] | undefined;

  get size(): number {
    return this.#requests.size;
  }

  begin(id: string, request: WebSocketRequest): void {
    this.#requests.set(id, request);
    this.#finite += 1;
  }

  /** The operation is a subscription. */
  subscribed(request: WebSocketRequest): void {
    if (!request.isFinite) return;
    request.isFinite = false;
    this.#finite -= 1;
    if (this.#finite > 0 || this.#waiting === undefined) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = undefined;
  }

  /** The operation's result is sent, or its client has completed it. */
  end(id: string): WebSocketRequest | undefined {
    const request = this.#requests.get(id);
    if (request === undefined) return undefined;
    this.#requests.delete(id);
    this.subscribed(request);
    return request;
  }

  /** The client has completed an operation. Returns false when none of that id runs. */
  cancel(id: string): boolean {
    const request = this.#requests.get(id);
    request?.cancel();
    return request !== undefined;
  }

  /** Whether the client has completed an operation that still runs. */
  isCancelled(id: string): boolean {
    return this.#requests.get(id)?.isCancelled ?? false;
  }

  /** The client has disconnected. */
  cancelAll(): void {
    for (const request of this.#requests.values()) request.cancel();
  }

  /** Resolves when no query or mutation runs. */
  finiteEnded(): Promise<void> {
    if (this.#finite === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }
}

/**
 * Maps the client's operation ids to those of graphql-ws. A client may reuse the id of an operation that it has
 * completed, although the first one still runs: a mutation always runs to its end. The second operation then gets
 * another id, so that their results are not confused.
 */
export class OperationIds {
  /** A prefix that no client's id has. Clients never see it. */
  readonly #mark = randomUUID();
  #renamed = 0;
  /** The graphql-ws id by the client's id. */
  readonly #inner = new Map<string, string>();

  innerOf(outer: string): string {
    return this.#inner.get(outer) ?? outer;
  }

  outerOf(inner: string): string {
    return inner.startsWith(this.#mark) ? inner.slice(inner.indexOf(':') + 1) : inner;
  }

  /** A replacement id, until its operation has ended. */
  rename(outer: string): string {
    this.#renamed += 1;
    const inner = `${this.#mark}${this.#renamed}:${outer}`;
    this.#inner.set(outer, inner);
    return inner;
  }

  ended(inner: string): void {
    const outer = this.outerOf(inner);
    if (this.#inner.get(outer) === inner) this.#inner.delete(outer);
  }
}

/** Operations of one WebSocket that start in a turn of the event loop, before those of others. */
const OPERATIONS_PER_TURN = 4;
/**
 * Operations of one WebSocket that wait for the scheduler: each may have a long result, which the client may not read.
 */
const MAX_NOT_BEGUN = 4;

/**
 * Lets the operations of a WebSocket start in their order: none while results wait to be sent on it, or while its
 * caller has exceeded its bound of buffered bytes. While operations wait, nothing is read from the client.
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

  /** An operation that has started executes, or has been rejected. */
  begun(): void {
    this.#notBegun -= 1;
    this.#start();
  }

  /** The socket has closed. Ends all waits. */
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

  /** The bound of all clients together delays no client. Instead, the client with most bytes is disconnected. */
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
