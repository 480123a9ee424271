import type { Socket } from 'node:net';
import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { ByteReservation, ExceededBound } from '../../pipeline/byte-budget.ts';
import { resultBytes } from '../../pipeline/execution/results.ts';
import { type ExecutionOutcome, isStream } from '../../pipeline/operation.ts';
import type { SecurityReason } from '../../pipeline/security-log.ts';
import { isSyncAsyncIterator, type NextResult, type ReadyListener } from '../../watcher/index.ts';
import { CloseCode, closeSocket } from './closing.ts';
import type { ReadPause } from './message-reader.ts';

const TEXT = { binary: false };

interface SocketWriterOptions {
  /** The connection that the WebSocket writes to. */
  readonly raw: Socket;
  /** The account of all buffered bytes of the WebSocket. */
  readonly buffers: ByteReservation;
  readonly reading: ReadPause;
  readonly unread: UnreadSockets;
  readonly sendTimeoutMs: number;
  readonly report: (reason: SecurityReason, setting: string) => void;
}

/**
 * Sends text messages. `send` returns undefined when the message has been handed to the operating system, as most are
 * at once, and otherwise a promise of it, so that a client that does not read delays its own operations only. Messages
 * to a client that has disconnected are dropped.
 *
 * While anything waits to be sent, its bytes are counted and nothing is read from the client. A client that has read
 * nothing for `sendTimeoutMs` is closed.
 */
export class SocketWriter {
  readonly #socket: WebSocket;
  readonly #options: SocketWriterOptions;
  /** One function for all messages: a closure for each would cost more than sending it. */
  readonly #onFlushed = () => this.#measure();
  readonly #onTimeout = () => this.#timeOut();
  #waiting: (() => void)[] = [];
  #unsent = 0;
  #isExceeded = false;
  /** Called whenever nothing waits to be sent any more. */
  onDrained = () => {};

  constructor(socket: WebSocket, options: SocketWriterOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Bytes that wait to be sent. */
  get unsentBytes(): number {
    return this.#unsent;
  }

  /** `message`: text, or text in UTF-8. */
  send(message: string | Buffer): Promise<void> | undefined {
    if (!this.#isOpen) return undefined;
    this.#socket.send(message, TEXT, this.#onFlushed);
    this.#measure();
    // Measuring closes a socket that exceeds its bounds.
    if (this.#unsent === 0 || !this.#isOpen) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Answers a ping of the WebSocket protocol. */
  pong(data: Buffer): void {
    if (!this.#isOpen) return;
    this.#socket.pong(data, false, this.#onFlushed);
    this.#measure();
  }

  close(code: number, reason: string): void {
    closeSocket(this.#socket, code, reason);
  }

  /** The socket has closed. */
  end(): void {
    this.#options.unread.delete(this);
    this.#release();
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #measure(): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    const unsent = this.#socket.bufferedAmount;
    const change = unsent - this.#unsent;
    if (change === 0) return;
    if (this.#unsent === 0) this.#stopReading();
    this.#unsent = unsent;
    if (change > 0) this.#grow(change);
    else this.#options.buffers.adjust(change);
    if (unsent === 0) this.#drained();
  }

  #stopReading(): void {
    const { raw, reading, unread, sendTimeoutMs } = this.#options;
    reading.pause('unsent bytes');
    unread.add(this);
    // Reading is paused, so only progress in writing extends the timeout.
    raw.setTimeout(sendTimeoutMs, this.#onTimeout);
  }

  #drained(): void {
    const { raw, reading, unread } = this.#options;
    raw.setTimeout(0, this.#onTimeout);
    unread.delete(this);
    this.#isExceeded = false;
    reading.resume('unsent bytes');
    this.#release();
    this.onDrained();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #grow(bytes: number): void {
    const { buffers, unread } = this.#options;
    const exceeded = buffers.grow(bytes);
    if (exceeded === undefined) return;
    // The bytes are counted already.
    buffers.adjust(bytes);
    if (exceeded === 'total') unread.terminateLargest();
    else if (exceeded === 'unauthenticated' || exceeded === 'unauthenticatedPerAddress') this.terminate(exceeded);
    else if (!this.#isExceeded) this.#report(exceeded);
    this.#isExceeded = true;
  }

  /** Ends the connection at once, which frees its buffers. */
  terminate(exceeded: ExceededBound): void {
    this.#options.unread.delete(this);
    this.#report(exceeded);
    this.#socket.terminate();
  }

  #report(exceeded: ExceededBound): void {
    this.#options.report('buffered_bytes', `limits.bufferedBytes.${exceeded}`);
  }

  #timeOut(): void {
    if (!this.#isOpen) return;
    this.#options.report('client_too_slow', 'limits.sendTimeoutMs');
    this.close(CloseCode.ClientTooSlow, 'The client has not read what was sent to it; connect again.');
  }
}

/** The WebSockets of all clients that have unread messages. */
export class UnreadSockets extends Set<SocketWriter> {
  /** All clients together exceed their bound: disconnects the one that holds most. Returns false when there is none. */
  terminateLargest(): boolean {
    let largest: SocketWriter | undefined;
    for (const writer of this) if (writer.unsentBytes > (largest?.unsentBytes ?? 0)) largest = writer;
    largest?.terminate('total');
    return largest !== undefined;
  }
}

type End = IteratorReturnResult<undefined>;
type Source = AsyncIterator<ExecutionResult>;

const END: End = { done: true, value: undefined };
const TAIL = Buffer.from('}');

/**
 * Sends an operation's results as `next` messages. The payload is encoded once for all subscribers of an event. To
 * graphql-ws it is an iterator without items: it ends when everything is sent, so that graphql-ws sends `complete`, and
 * rejects when the operation fails, so that graphql-ws sends `error`.
 */
export class ResultSender implements AsyncGenerator<never, undefined>, ReadyListener {
  readonly #source: Source;
  readonly #writer: SocketWriter;
  readonly #head: Buffer;
  #ended = false;
  #resolve: (end: End) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(id: string, outcome: ExecutionOutcome, writer: SocketWriter) {
    this.#source = isStream(outcome) ? outcome[Symbol.asyncIterator]() : only(outcome);
    this.#writer = writer;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  next(): Promise<End> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.onReady();
    });
  }

  /** Sends without a promise where it can: thousands of subscribers get an event in the turn of its publication. */
  onReady(): void {
    try {
      for (;;) {
        const taken = this.#take();
        if (taken === undefined) return;
        const sending = taken instanceof Promise ? taken.then((result) => this.#send(result)) : this.#send(taken);
        if (sending !== undefined) {
          this.#continueAfter(sending);
          return;
        }
        if (this.#ended) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Undefined if the source will call `ready` later. */
  #take(): NextResult<ExecutionResult> | undefined {
    if (this.#ended) return END;
    const source = this.#source;
    // The source's promises may not be native ones.
    if (!isSyncAsyncIterator(source)) return Promise.resolve(source.next());
    const taken = source.tryNext();
    if (taken === undefined) source.notifyWhenReady(this);
    return taken;
  }

  /** Throws the error of a result that has no data at all: it ends the operation. */
  #send({ done, value }: IteratorResult<ExecutionResult, undefined>): Promise<void> | undefined {
    // The client may have ended the operation in the meantime.
    if (done || this.#ended) {
      this.#ended = true;
      this.#resolve(END);
      return undefined;
    }
    if (!('data' in value) && value.errors?.[0] !== undefined) throw value.errors[0];
    return this.#writer.send(Buffer.concat([this.#head, resultBytes(value), TAIL]));
  }

  #continueAfter(sending: Promise<void>): void {
    sending.then(
      () => {
        if (!this.#ended) this.onReady();
        else this.#resolve(END);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** `for await` does not close an iterator that rejects, so the source is closed here. */
  #fail(error: unknown): void {
    this.#ended = true;
    this.#source.return?.().catch(() => {});
    this.#reject(error);
  }

  async return(): Promise<End> {
    this.#ended = true;
    await this.#source.return?.();
    return END;
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult, undefined> {
  yield result;
}
