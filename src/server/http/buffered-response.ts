import { type IncomingMessage, ServerResponse } from 'node:http';
import type { UnreadAnswers } from './unread-answers.ts';

/** A long answer is given to the socket in pieces of so many bytes: what of it has been read shows in how many are left. */
const PIECE_BYTES = 65_536;

/**
 * The response of every request. What its client has not read yet is counted (`UnreadAnswers`), whatever writes it: the JSON POST handler, Yoga, a stream of events or GraphiQL's page.
 */
export class BufferedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  #unread: UnreadAnswers | undefined;
  /** The end of a long body, which is still to be written. */
  #rest: Buffer | undefined;

  /** Begins to count. */
  countIn(unread: UnreadAnswers): void {
    this.#unread = unread;
  }

  /** Bytes that the kernel has not taken yet. Those of a body that is shared by many responses are counted a piece at a time. */
  get unreadBytes(): number {
    return this.writableLength + (this.#shared ? 0 : (this.#rest?.length ?? 0));
  }

  #shared = false;

  /** Ends the response with a body that other responses send, too. */
  endWithShared(body: Buffer): void {
    this.#shared = true;
    this.end(body);
  }

  override write(...args: unknown[]): boolean {
    const more: boolean = Reflect.apply(super.write, this, args);
    if (!more || this.writableLength > 0) this.#unread?.changed(this);
    return more;
  }

  override end(...args: unknown[]): this {
    const [body, encoding] = args;
    const long =
      typeof body === 'string'
        ? body.length > PIECE_BYTES && Buffer.from(body, bufferEncoding(encoding))
        : body instanceof Uint8Array &&
          body.length > PIECE_BYTES &&
          Buffer.from(body.buffer, body.byteOffset, body.length);
    if (long === false || this.req.method === 'HEAD') {
      Reflect.apply(super.end, this, args);
    } else {
      if (!this.headersSent && !this.hasHeader('content-length')) this.setHeader('content-length', long.length);
      this.#rest = long;
      this.#writeRest();
    }
    if (this.writableLength > 0) this.#unread?.changed(this);
    return this;
  }

  #writeRest(): void {
    for (let rest = this.#rest; rest !== undefined; rest = this.#rest) {
      this.#rest = rest.length > PIECE_BYTES ? rest.subarray(PIECE_BYTES) : undefined;
      const more = super.write(rest.subarray(0, PIECE_BYTES));
      if (!more && this.#rest !== undefined) {
        this.once('drain', () => this.#writeRest());
        return;
      }
    }
    super.end();
  }
}

const bufferEncoding = (encoding: unknown): BufferEncoding =>
  typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
