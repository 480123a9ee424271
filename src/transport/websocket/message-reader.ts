import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Config } from '../../config/index.ts';
import type { ByteReservation } from '../../pipeline/byte-budget.ts';
import type { SecurityReason } from '../../pipeline/security-log.ts';
import { CloseCode, rejectSocket } from './closing.ts';

type PauseReason = 'unsent bytes' | 'waiting operations' | 'waiting messages';

/** Pauses reading from a WebSocket as long as at least one reason applies. */
export class ReadPause {
  readonly #socket: WebSocket;
  readonly #reasons = new Set<PauseReason>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  pause(reason: PauseReason): void {
    this.#reasons.add(reason);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.pause();
  }

  resume(reason: PauseReason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#socket.resume();
  }
}

/** Messages, pings and pongs without valid credentials. Clients need one message, and a ping now and then. */
const MAX_UNAUTHENTICATED = 100;
/** Messages, pings and pongs per second that belong to no operation. */
const MAX_PER_SECOND = 1_000;

/** Counts messages that belong to no operation. */
class MessageLimit {
  #count = 0;
  /** Start of the present second, as of `performance.now()`. Undefined before authentication: all messages count. */
  #startedAt: number | undefined;

  /** Returns false if the count exceeds the maximum. */
  take(): boolean {
    if (this.#startedAt === undefined) return ++this.#count <= MAX_UNAUTHENTICATED;
    const now = performance.now();
    if (now - this.#startedAt >= 1_000) {
      this.#startedAt = now;
      this.#count = 0;
    }
    return ++this.#count <= MAX_PER_SECOND;
  }

  authenticated(): void {
    this.#startedAt = performance.now();
    this.#count = 0;
  }
}

/** Overhead of a buffered chunk, in bytes, so that many tiny chunks are counted, too. */
const CHUNK_OVERHEAD = 256;
/** A frame's header from a client: two bytes, a mask, and for longer payloads their length (RFC 6455, section 5.2). */
const headerBytes = (payload: number) => (payload < 126 ? 6 : payload < 65_536 ? 8 : 14);

/**
 * Estimates the memory of a message that has arrived in part. ws emits each frame or message in the same turn as the
 * chunk that completes it: what it has not emitted after a chunk, it holds. The estimate is never too small, as a
 * message can only have more header bytes than assumed, in fragments.
 */
export class UnfinishedMessage {
  #emittedBytes = 0;
  #isMessageEmitted = false;
  #pendingBytes = 0;
  #memory = 0;

  /** Bytes that have arrived, headers included. */
  get bytes(): number {
    return this.#pendingBytes;
  }

  /** Called when ws has emitted a ping, a pong or a message of this many bytes. */
  emitted(bytes: number, isMessage: boolean): void {
    this.#emittedBytes += headerBytes(bytes) + bytes;
    if (isMessage) this.#isMessageEmitted = true;
  }

  /**
   * Called for each chunk, after ws has emitted the messages that it completes. Returns the number of bytes that ws
   * still holds.
   */
  received(bytes: number): number {
    const change = bytes - this.#emittedBytes;
    const isMessageEmitted = this.#isMessageEmitted;
    this.#emittedBytes = 0;
    this.#isMessageEmitted = false;
    if (change === 0 && !isMessageEmitted) return this.#memory;
    this.#pendingBytes = Math.max(0, this.#pendingBytes + change);
    // Only the last chunk can hold bytes of a message that follows one that is complete.
    if (isMessageEmitted) this.#pendingBytes = Math.min(this.#pendingBytes, bytes);
    const held = bytes + CHUNK_OVERHEAD;
    if (this.#pendingBytes === 0) this.#memory = 0;
    else this.#memory = isMessageEmitted ? held : this.#memory + held;
    return this.#memory;
  }
}

/** A message without valid credentials, in bytes: as much as Node allows for the headers of an HTTP request. */
const MAX_UNAUTHENTICATED_BYTES = 16_384;
/** Maximum number of bytes that Node reads at a time. An unfinished message within one chunk has no deadline. */
const MAX_CHUNK_BYTES = 65_536;

/** Parsing a longer message (in bytes) takes noticeable time, so it waits for the caller's turn. */
const LARGE_MESSAGE = 4_096;

interface MessageReaderOptions {
  readonly raw: Socket;
  readonly buffers: ByteReservation;
  /** Disconnects the client that holds most. Returns false when there is none. */
  readonly terminateLargest: () => boolean;
  readonly pong: (data: Buffer) => void;
  readonly limits: Pick<Config['limits'], 'bodyTimeoutMs'>;
  readonly report: (reason: SecurityReason, setting?: string) => void;
  readonly onMessage: (text: string, bytes: number) => void;
  readonly reading: ReadPause;
  /** Calls back at once or in the caller's turn. */
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
  /** Messages that wait for the caller's turn: a large one and the rest of its last chunk, as reading is paused. */
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

  /** Returns false when the socket is closed because it may not hold so many bytes. */
  #hold(bytes: number): boolean {
    const { buffers, terminateLargest, report } = this.#options;
    const exceeded = buffers.grow(bytes);
    if (exceeded === undefined) return true;
    if (exceeded === 'total' && terminateLargest()) {
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
