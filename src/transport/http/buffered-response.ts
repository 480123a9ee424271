import { type IncomingMessage, ServerResponse } from 'node:http';
import type { BufferOwner, ByteBudget, ByteReservation } from '../../pipeline/byte-budget.ts';
import { callerOf } from '../../pipeline/operation.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import { type HttpResponse, PIECE_BYTES, type UnreadCounter, WAITING_REQUEST_BYTES } from './http-response.ts';
import { discardBody, isBodyIncomplete } from './request-body.ts';

/**
 * The response of every request of the gateway's own server, whatever writes it: a result, Yoga, a stream of events or GraphiQL's files. The bytes
 * that its client has not read yet are counted (`UnreadResponses`). When it is sent before the request's body is
 * complete, the connection ends with it.
 */
export class BufferedResponse<Request extends IncomingMessage = IncomingMessage>
  extends ServerResponse<Request>
  implements HttpResponse
{
  expectation: 'continue' | 'unsupported' | undefined;
  #unread: UnreadCounter<HttpResponse> | undefined;
  /** Long chunks with bytes that are still to be written. */
  #rest: Buffer[] = [];
  #isShared = false;
  #isEnding = false;
  #isFinished = false;

  countIn(unread: UnreadCounter<HttpResponse>): void {
    this.#unread = unread;
  }

  get isQueued(): boolean {
    return this.socket === null;
  }

  /** Bytes that the operating system has not accepted yet. */
  get unreadBytes(): number {
    let bytes = this.writableLength + (this.isQueued ? WAITING_REQUEST_BYTES : 0);
    if (!this.#isShared) for (const chunk of this.#rest) bytes += chunk.length;
    return bytes;
  }

  receiveBody(): void {
    if (this.expectation === 'continue') this.writeContinue();
    this.expectation = undefined;
  }

  endWithShared(body: Buffer): void {
    this.#isShared = true;
    this.end(body);
  }

  closeConnection(): void {
    this.req.socket.destroy();
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
      // The writer of a long chunk is notified when all of its pieces are written.
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

/** Undefined if the request has no body. */
function asBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8');
  return chunk instanceof Uint8Array ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : undefined;
}

interface Unread {
  readonly reservation: ByteReservation;
  owner: BufferOwner;
  readonly connection: Connection;
  /** Unread bytes at the client's last read. */
  leftBytes: number;
  /** The time of that read, as of `performance.now()`, in ms. */
  readAt: number;
}

interface Connection {
  /** Unread bytes of all its responses. */
  bytes: number;
}

interface UnreadResponsesOptions {
  readonly buffers: ByteBudget;
  readonly securityLog: SecurityLog;
  /** See `limits.sendTimeoutMs`. */
  readonly sendTimeoutMs: number;
}

/**
 * Counts the unread bytes of responses, as bytes of their caller. The connection of a client is closed when it has read
 * nothing for `limits.sendTimeoutMs`, or when it exceeds a bound of `limits.bufferedBytes`; when the bound is the one
 * of all clients together, those that hold most are closed.
 */
export class UnreadResponses implements UnreadCounter<HttpResponse>, Disposable {
  readonly #options: UnreadResponsesOptions;
  readonly #unread = new Map<HttpResponse, Unread>();
  readonly #owners = new WeakMap<HttpResponse, BufferOwner>();
  readonly #connections = new WeakMap<HttpResponse['req']['socket'], Connection>();
  readonly #checkMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UnreadResponsesOptions) {
    this.#options = options;
    this.#checkMs = Math.min(1_000, options.sendTimeoutMs / 4);
  }

  /** Counts the response's bytes as the owner's from now on. Called again once the caller is known. */
  count(response: HttpResponse, owner: BufferOwner): void {
    this.#owners.set(response, owner);
    response.countIn(this);
    const unread = this.#unread.get(response);
    if (unread !== undefined && owner.caller !== undefined) {
      unread.owner = owner;
      unread.reservation.authenticated(owner.caller);
    } else if (response.isQueued) this.changed(response);
  }

  /**
   * Called after a write that the operating system has not accepted at once, or while the response waits for an earlier
   * one.
   */
  changed(response: HttpResponse): void {
    const owner = this.#owners.get(response);
    if (owner === undefined || response.destroyed || response.req.socket.destroyed) return;
    const unread = this.#unread.get(response) ?? this.#begin(response, owner);
    const more = response.unreadBytes - unread.reservation.bytes;
    const exceeded = more > 0 ? unread.reservation.grow(more) : undefined;
    if (more < 0 || exceeded !== undefined) unread.reservation.adjust(more);
    unread.connection.bytes += more;
    const bound = exceeded ?? this.#options.buffers.exceeded(owner, 0, unread.connection.bytes);
    if (bound === undefined) return;
    if (bound === 'total') this.#closeLargest();
    else this.#close(response, unread, 'buffered_bytes', `limits.bufferedBytes.${bound}`);
  }

  /** Releases the bytes that have been read. */
  read(response: HttpResponse): void {
    const unread = this.#unread.get(response);
    if (unread === undefined) return;
    const left = response.unreadBytes;
    const more = left - unread.reservation.bytes;
    unread.reservation.adjust(more);
    unread.connection.bytes += more;
    if (left < unread.leftBytes) unread.readAt = performance.now();
    unread.leftBytes = left;
  }

  #begin(response: HttpResponse, owner: BufferOwner): Unread {
    const { socket } = response.req;
    const connection = this.#connections.get(socket) ?? { bytes: 0 };
    this.#connections.set(socket, connection);
    const unread = {
      reservation: this.#options.buffers.open(owner),
      owner,
      connection,
      leftBytes: Number.POSITIVE_INFINITY,
      readAt: performance.now(),
    };
    this.#unread.set(response, unread);
    this.#timer ??= setInterval(() => this.#closeStalled(), this.#checkMs).unref();
    const end = () => this.#end(response);
    response.once('finish', end).once('close', end);
    return unread;
  }

  #end(response: HttpResponse): void {
    const unread = this.#unread.get(response);
    if (unread === undefined) return;
    this.#unread.delete(response);
    unread.connection.bytes -= unread.reservation.bytes;
    unread.reservation[Symbol.dispose]();
  }

  #closeStalled(): void {
    const now = performance.now();
    for (const [response, unread] of this.#unread) {
      this.read(response);
      // The client reads a pipelined response only after the one before it.
      if (response.unreadBytes === 0 || response.isQueued) unread.readAt = now;
      else if (now - unread.readAt > this.#options.sendTimeoutMs)
        this.#close(response, unread, 'client_too_slow', 'limits.sendTimeoutMs');
    }
    if (this.#unread.size === 0) this[Symbol.dispose]();
  }

  #closeLargest(): void {
    let largest: [HttpResponse, Unread] | undefined;
    for (const each of this.#unread)
      if (each[1].reservation.bytes > (largest?.[1].reservation.bytes ?? 0)) largest = each;
    if (largest !== undefined) this.#close(...largest, 'buffered_bytes', 'limits.bufferedBytes.total');
  }

  #close(
    response: HttpResponse,
    { owner: { address, caller } }: Unread,
    reason: 'buffered_bytes' | 'client_too_slow',
    setting: string,
  ): void {
    this.#options.securityLog.report({ reason, address, caller: callerOf(caller), setting });
    this.#end(response);
    response.closeConnection();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
