import type { OutgoingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';
import {
  type HttpResponse,
  type IncomingRequest,
  PIECE_BYTES,
  type UnreadCounter,
  WAITING_REQUEST_BYTES,
} from '../http/http-response.ts';

/**
 * A response that another server sends, with the bounds of `BufferedResponse`: its unread bytes are counted, and a long
 * body is passed on in pieces, the next one when the client has read.
 */
export abstract class EmbeddedResponse extends Writable implements HttpResponse {
  readonly req: IncomingRequest;
  /** The other server meets it, or has rejected it. */
  readonly expectation = undefined;
  #unread: UnreadCounter<HttpResponse> | undefined;
  #isShared = false;
  #isSent = false;
  /** Bytes of the present chunk that are passed on. */
  #passedBytes = 0;
  #continue: (() => void) | undefined;

  constructor(req: IncomingRequest) {
    super();
    this.req = req;
  }

  abstract get isQueued(): boolean;
  /** Bytes that the other server has accepted, and the client has not read. */
  protected abstract get acceptedBytes(): number;
  protected abstract sendHead(status: number, headers: readonly (readonly [string, string])[]): void;
  /** Returns false if the client has to read first: `onRead` is called then. */
  protected abstract sendPiece(piece: Buffer): boolean;
  protected abstract sendEnd(done: () => void): void;
  /** Called once. `isSent`: whether the whole response has been passed on. */
  protected abstract release(isSent: boolean): void;
  abstract flushHeaders(): void;

  get unreadBytes(): number {
    const waiting = this.#isShared ? 0 : this.writableLength - this.#passedBytes;
    return this.acceptedBytes + waiting + (this.isQueued ? WAITING_REQUEST_BYTES : 0);
  }

  countIn(unread: UnreadCounter<HttpResponse>): void {
    this.#unread = unread;
  }

  receiveBody(): void {}

  writeHead(status: number, headers: OutgoingHttpHeaders | readonly string[] = {}): this {
    this.sendHead(status, entriesOf(headers));
    return this;
  }

  endWithShared(body: Buffer): void {
    this.#isShared = true;
    this.end(body);
  }

  closeConnection(): void {
    this.destroy();
  }

  /** While a piece waits, the stream keeps further chunks itself. */
  override write(...parameters: unknown[]): boolean {
    const mayContinue: boolean = Reflect.apply(super.write, this, parameters);
    if (this.#continue !== undefined) this.#unread?.changed(this);
    return mayContinue;
  }

  /** The client has read. */
  protected onRead(): void {
    this.#unread?.read(this);
    const resume = this.#continue;
    this.#continue = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (let from = this.#passedBytes; from < chunk.length; from = this.#passedBytes) {
      const piece = chunk.subarray(from, from + PIECE_BYTES);
      this.#passedBytes += piece.length;
      const mayContinue = this.sendPiece(piece);
      if (this.acceptedBytes > 0) this.#unread?.changed(this);
      if (mayContinue) continue;
      this.#continue = () => this._write(chunk, _encoding, done);
      return;
    }
    this.#passedBytes = 0;
    done();
  }

  override _final(done: () => void): void {
    this.sendEnd(() => {
      this.#isSent = true;
      done();
    });
  }

  /** The connection has ended, perhaps only after the response. */
  protected onClosed(): void {
    if (!this.#isSent) this.destroy();
  }

  /** A response that breaks off is no error of the process. */
  override _destroy(_error: Error | null, done: (error?: null) => void): void {
    this.#continue = undefined;
    this.release(this.#isSent);
    done();
  }
}

function entriesOf(headers: OutgoingHttpHeaders | readonly string[]): readonly (readonly [string, string])[] {
  if (!isList(headers))
    return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const entries: (readonly [string, string])[] = [];
  for (let at = 0; at < headers.length; at += 2) entries.push([headers[at] ?? '', headers[at + 1] ?? '']);
  return entries;
}

const isList = (headers: OutgoingHttpHeaders | readonly string[]): headers is readonly string[] =>
  Array.isArray(headers);
