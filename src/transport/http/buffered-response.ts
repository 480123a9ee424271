import { type IncomingMessage, ServerResponse } from 'node:http';
import { discardBody, isBodyIncomplete } from './discard-body.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/** A long body is given to the socket in pieces of so many bytes: what of it has been read shows in how many are left. */
const PIECE_BYTES = 65_536;

/** What a request whose response waits behind another on its connection (HTTP pipelining) holds at least, in bytes. */
const WAITING_REQUEST_BYTES = 8_192;

/**
 * The response of every request, whatever writes it: the JSON POST handler, Yoga, a stream of events or GraphiQL's files. What its client has not read yet is counted (`UnreadAnswers`).
 * When it is sent before the request's body is complete, the connection ends with it.
 */
export class BufferedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** What the client expects before it sends the body (the header `Expect`), until it has been met. */
  expectation: 'continue' | 'unsupported' | undefined;
  #unread: UnreadAnswers | undefined;
  /** Long chunks, of which this much is still to be written. */
  #rest: Buffer[] = [];
  #isShared = false;
  #isEnding = false;
  #isFinished = false;

  /** Begins to count. */
  countIn(unread: UnreadAnswers): void {
    this.#unread = unread;
  }

  /** Bytes that the kernel has not taken yet. Those of a body that is shared by many responses are counted a piece at a time. */
  get unreadBytes(): number {
    let bytes = this.writableLength + (this.socket === null ? WAITING_REQUEST_BYTES : 0);
    if (!this.#isShared) for (const chunk of this.#rest) bytes += chunk.length;
    return bytes;
  }

  /** Lets a client that waits for it send the body. */
  receiveBody(): void {
    if (this.expectation === 'continue') this.writeContinue();
    this.expectation = undefined;
  }

  /** Ends the response with a body that other responses send, too. */
  endWithShared(body: Buffer): void {
    this.#isShared = true;
    this.end(body);
  }

  override writeHead(...args: unknown[]): this {
    if (isBodyIncomplete(this.req)) this.shouldKeepAlive = false;
    return Reflect.apply(super.writeHead, this, args);
  }

  override write(...args: unknown[]): boolean {
    const [chunk, encoding] = args;
    const long = this.#asLong(chunk, encoding);
    const more: boolean = long === undefined ? Reflect.apply(super.write, this, args) : this.#writeLong(long);
    if (this.writableLength > 0 && this.writableCorked === 0) this.#unread?.changed(this);
    return more;
  }

  override end(...args: unknown[]): this {
    if (this.#isEnding) return this;
    const [chunk, encoding] = args;
    const long = this.#asLong(chunk, encoding);
    const isEarly = isBodyIncomplete(this.req);
    if (long === undefined && this.#rest.length === 0 && !isEarly) {
      Reflect.apply(super.end, this, args);
    } else {
      this.#isEnding = true;
      const body = long ?? asBuffer(chunk, encoding);
      if (!this.headersSent && !this.hasHeader('content-length')) this.setHeader('content-length', body?.length ?? 0);
      if (body !== undefined) this.#writeLong(body);
      else if (isEarly) this.flushHeaders();
      if (this.#rest.length === 0) this.#finish();
    }
    if (this.writableLength > 0) this.#unread?.changed(this);
    return this;
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'drain') {
      this.#unread?.read(this);
      // The writer of a long chunk hears of it when all of its pieces are written.
      const isDrained = this.#writeRest();
      if (this.#isEnding && this.#rest.length === 0) this.#finish();
      if (!isDrained || this.#isEnding) return true;
    }
    return super.emit(event, ...args);
  }

  #asLong(chunk: unknown, encoding: unknown): Buffer | undefined {
    const length = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk.length : 0;
    return length > PIECE_BYTES && this.req.method !== 'HEAD' ? asBuffer(chunk, encoding) : undefined;
  }

  #writeLong(chunk: Buffer): boolean {
    this.#rest.push(chunk);
    return this.#rest.length === 1 && this.#writeRest();
  }

  /** Returns false when pieces are left, or wait in the socket. */
  #writeRest(): boolean {
    let more = true;
    for (let chunk = this.#rest[0]; chunk !== undefined; chunk = this.#rest[0]) {
      if (chunk.length > PIECE_BYTES) this.#rest[0] = chunk.subarray(PIECE_BYTES);
      else this.#rest.shift();
      more = super.write(chunk.subarray(0, PIECE_BYTES));
      if (!more) break;
    }
    return more;
  }

  /** Everything is written. */
  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    // A client that expects an answer before it sends its body will not send it.
    if (!isBodyIncomplete(this.req) || this.expectation !== undefined) super.end();
    else discardBody(this.req, () => super.end());
  }
}

/** Undefined for no body. */
function asBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8');
  return chunk instanceof Uint8Array ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : undefined;
}
