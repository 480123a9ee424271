import { PIECE_BYTES } from '../http/http-response.ts';
import type { FetchRequest } from './fetch-request.ts';
import { EmbeddedResponse } from './response.ts';

/** The status for a client that has disconnected, as nginx logs it. It is never received. */
const CLIENT_CLOSED_REQUEST = 499;

/** https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY_STATUSES = new Set([101, 204, 205, 304]);

/** A response of the Fetch standard. */
export class FetchResponse extends EmbeddedResponse {
  /** Resolves when the headers are known, also if the client has disconnected before. */
  readonly sent: Promise<Response>;
  readonly isQueued = false;
  readonly #signal: AbortSignal;
  readonly #hasNoBody: boolean;
  #isCanceled = false;
  #end: (() => void) | undefined;
  #resolve: (response: Response) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #onAbort = () => this.destroy();

  constructor(request: FetchRequest, signal: AbortSignal) {
    super(request);
    this.#signal = signal;
    this.#hasNoBody = request.method === 'HEAD';
    this.sent = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    request.socket.onDestroy = this.#onAbort;
    if (signal.aborted) this.destroy();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  protected get acceptedBytes(): number {
    return this.#body === undefined ? 0 : Math.max(0, PIECE_BYTES - (this.#body.desiredSize ?? PIECE_BYTES));
  }

  protected sendHead(status: number, headers: readonly (readonly [string, string])[]): void {
    this.#resolve(new Response(this.#openBody(status), { status, headers: headers.map(([...entry]) => entry) }));
  }

  flushHeaders(): void {}

  protected sendPiece(piece: Buffer): boolean {
    if (this.#body === undefined) return true;
    this.#body.enqueue(piece);
    return (this.#body.desiredSize ?? 0) > 0;
  }

  protected sendEnd(done: () => void): void {
    this.#end = () => {
      this.#body?.close();
      done();
    };
    this.#endWhenRead();
  }

  /** The body counts as unread until the application has taken it. */
  #endWhenRead(): void {
    if (this.acceptedBytes > 0) return;
    this.#end?.();
    this.#end = undefined;
  }

  protected release(isSent: boolean): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.req.destroy();
    if (isSent) return;
    const isClientGone = this.#signal.aborted || this.#isCanceled || this.req.errored !== null;
    // An application may log the error, and a client must not fill its log.
    if (!isClientGone) this.#body?.error(new Error('The response was not sent completely.'));
    else if (!this.#isCanceled) this.#body?.close();
    // Has no effect if the headers are sent.
    this.#resolve(new Response(null, { status: isClientGone ? CLIENT_CLOSED_REQUEST : 500 }));
  }

  #openBody(status: number): ReadableStream<Uint8Array> | null {
    if (this.#hasNoBody || NULL_BODY_STATUSES.has(status)) return null;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        pull: () => {
          this.onRead();
          this.#endWhenRead();
        },
        cancel: () => {
          this.#isCanceled = true;
          this.destroy();
        },
      },
      { highWaterMark: PIECE_BYTES, size: (piece) => piece.byteLength },
    );
  }
}
