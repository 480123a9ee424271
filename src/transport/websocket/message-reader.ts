import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Config } from '../../config/index.ts';
import type { ByteReservation } from '../../pipeline/byte-budget.ts';
import type { SecurityReason } from '../../pipeline/security-log.ts';
import { CloseCode } from './close-codes.ts';
import { rejectSocket } from './close-socket.ts';
import { MessageLimit } from './message-limit.ts';
import type { ReadPause } from './read-pause.ts';
import { UnfinishedMessage } from './unfinished-message.ts';
import type { UnreadSockets } from './unread-sockets.ts';

/** A message without valid credentials, in bytes: as much as Node allows for the headers of an HTTP request. */
const MAX_UNAUTHENTICATED_BYTES = 16_384;
/** Node reads at most so many bytes at a time. An unfinished message within one chunk has no deadline. */
const MAX_CHUNK_BYTES = 65_536;

/** A message of more bytes takes long enough to parse that its caller waits its turn for that. */
const LARGE_MESSAGE = 4_096;

interface MessageReaderOptions {
  readonly raw: Socket;
  readonly buffers: ByteReservation;
  readonly unread: UnreadSockets;
  readonly pong: (data: Buffer) => void;
  readonly limits: Pick<Config['limits'], 'bodyTimeoutMs'>;
  readonly report: (reason: SecurityReason, setting?: string) => void;
  readonly onMessage: (text: string, bytes: number) => void;
  readonly reading: ReadPause;
  /** Calls back at once, or in the caller's turn. */
  readonly schedule: (read: () => void) => void;
}

/** Receives a client's messages, and closes a WebSocket that sends too much, too many or too slowly. */
export class MessageReader {
  readonly #socket: WebSocket;
  readonly #options: MessageReaderOptions;
  readonly #limit = new MessageLimit();
  readonly #unfinished = new UnfinishedMessage();
  #isAuthenticated = false;
  #heldBytes = 0;
  /** Messages that wait for the caller's turn. Nothing is read from the client then, so they are one large message and the rest of its last chunk at most. */
  readonly #waiting: Buffer[] = [];
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, options: MessageReaderOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data) => this.#onMessage(data));
    socket.on('ping', (data) => {
      this.#unfinished.emitted(data.length, false);
      if (this.#take()) options.pong(data);
    });
    socket.on('pong', (data) => {
      this.#unfinished.emitted(data.length, false);
      this.#take();
    });
    // After the listener of ws, so that each chunk's messages have been emitted.
    options.raw.on('data', (chunk: Buffer) => this.#onChunk(chunk.length));
  }

  authenticated(): void {
    if (this.#isAuthenticated) return;
    this.#isAuthenticated = true;
    this.#limit.authenticated();
  }

  /** Counts a message that belongs to no operation. */
  countMessage(): void {
    this.#take();
  }

  /** The socket has closed. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#waiting.length = 0;
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #onMessage(data: RawData): void {
    const buffer = toBuffer(data);
    this.#unfinished.emitted(buffer.length, true);
    // The message is complete: from here on its operation counts it.
    this.#options.buffers.adjust(-this.#heldBytes);
    this.#heldBytes = 0;
    // Messages that were read before the socket began to close.
    if (!this.#isOpen) return;
    if (!this.#isAuthenticated) {
      if (buffer.length > MAX_UNAUTHENTICATED_BYTES) this.#tooLarge();
      if (!this.#take()) return;
    }
    if (this.#waiting.length > 0) this.#wait(buffer);
    else if (buffer.length <= LARGE_MESSAGE) this.#options.onMessage(buffer.toString(), buffer.length);
    else this.#waitForTurn(buffer);
  }

  #wait(message: Buffer): void {
    this.#options.buffers.adjust(message.length);
    this.#waiting.push(message);
  }

  #waitForTurn(message: Buffer): void {
    const { reading, schedule } = this.#options;
    this.#wait(message);
    reading.pause('waiting messages');
    schedule(() => this.#readWaiting());
  }

  #readWaiting(): void {
    const { reading, schedule, buffers, onMessage } = this.#options;
    const message = this.#waiting.shift();
    if (message === undefined) return;
    buffers.adjust(-message.length);
    if (this.#isOpen) onMessage(message.toString(), message.length);
    if (this.#waiting.length > 0) schedule(() => this.#readWaiting());
    else reading.resume('waiting messages');
  }

  #take(): boolean {
    if (!this.#isOpen) return false;
    if (this.#limit.take()) return true;
    this.#options.report('message_flood');
    rejectSocket(this.#socket, CloseCode.TooManyMessages, 'Too many messages; connect again and send fewer.');
    return false;
  }

  #isTooLarge(held: number): boolean {
    return this.#unfinished.bytes > MAX_UNAUTHENTICATED_BYTES || held > MAX_UNAUTHENTICATED_BYTES + MAX_CHUNK_BYTES;
  }

  #tooLarge(): void {
    if (!this.#isOpen) return;
    this.#options.report('message_too_large');
    const reason = `A message without valid credentials has ${MAX_UNAUTHENTICATED_BYTES} bytes at most.`;
    rejectSocket(this.#socket, CloseCode.MessageTooBig, reason);
  }

  #onChunk(bytes: number): void {
    const held = this.#unfinished.received(bytes);
    const change = held - this.#heldBytes;
    if (change === 0) return;
    if (!this.#isAuthenticated && this.#isTooLarge(held)) this.#tooLarge();
    if (change < 0) this.#options.buffers.adjust(change);
    else if (!this.#hold(change)) return;
    this.#heldBytes = held;
    if (held > MAX_CHUNK_BYTES)
      this.#deadline ??= setTimeout(() => this.#timeOut(), this.#options.limits.bodyTimeoutMs);
    else {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
    }
  }

  /** False when the socket is closed because it may not hold so many bytes. */
  #hold(bytes: number): boolean {
    const { buffers, unread, report } = this.#options;
    const exceeded = buffers.grow(bytes);
    if (exceeded === undefined) return true;
    if (exceeded === 'total' && unread.terminateLargest()) {
      buffers.adjust(bytes);
      return true;
    }
    if (!this.#isOpen) {
      this.#socket.terminate();
      return false;
    }
    report('buffered_bytes', `limits.bufferedBytes.${exceeded}`);
    rejectSocket(this.#socket, CloseCode.BufferedBytesExceeded, 'Too many bytes are buffered; connect again later.');
    return false;
  }

  #timeOut(): void {
    this.#options.report('body_timeout', 'limits.bodyTimeoutMs');
    rejectSocket(this.#socket, CloseCode.MessageTimeout, 'The message did not arrive in time (limits.bodyTimeoutMs).');
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
