import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ByteReservation, ExceededBound } from '../../pipeline/byte-budget.ts';
import type { SecurityReason } from '../../pipeline/security-log.ts';
import { CloseCode } from './close-codes.ts';
import { closeSocket } from './close-socket.ts';
import type { ReadPause } from './read-pause.ts';
import type { UnreadSockets } from './unread-sockets.ts';

const TEXT = { binary: false };

interface SocketWriterOptions {
  /** The connection that the WebSocket writes to. */
  readonly raw: Socket;
  /** Of all that is buffered for the WebSocket. */
  readonly buffers: ByteReservation;
  readonly reading: ReadPause;
  readonly unread: UnreadSockets;
  readonly sendTimeoutMs: number;
  readonly report: (reason: SecurityReason, setting: string) => void;
}

/**
 * Sends text messages. `send` returns undefined when the message has been handed to the operating system, as most are at once, and otherwise a promise of it,
 * so that a client that does not read delays its own operations only. Messages to a client that has disconnected are dropped.
 *
 * While anything waits to be sent, its bytes are counted and nothing is read from the client. A client that has read nothing for `sendTimeoutMs` is closed.
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
    // As nothing is read, only progress in writing puts the timeout off.
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
    // They are buffered already.
    buffers.adjust(bytes);
    if (exceeded === 'total') unread.terminateLargest();
    else if (exceeded === 'unauthenticated' || exceeded === 'unauthenticatedPerAddress') this.terminate(exceeded);
    else if (!this.#isExceeded) this.#report(exceeded);
    this.#isExceeded = true;
  }

  /** Ends the connection at once, which frees what is buffered for it. */
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
