import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardBody, isBodyIncomplete } from '../http/request-body.ts';
import { type ConnectionResponses, trackResponse } from '../http/server.ts';
import { EmbeddedResponse } from './response.ts';

/** A response of a server of `node:http`, also of one below Express or Fastify. */
export class NodeResponse extends EmbeddedResponse {
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #onDrain = () => this.onRead();
  readonly #onClose = () => this.onClosed();

  constructor(incoming: IncomingMessage, response: ServerResponse, responses: ConnectionResponses) {
    super(incoming);
    this.#incoming = incoming;
    this.#response = response;
    // The client may have left while middleware ran: `close` is not emitted again.
    if (incoming.socket.destroyed || response.closed) {
      this.destroy();
      return;
    }
    response.on('drain', this.#onDrain).once('close', this.#onClose);
    trackResponse(responses, incoming.socket, response);
  }

  get isQueued(): boolean {
    return this.#response.socket === null;
  }

  protected get acceptedBytes(): number {
    return this.#response.writableLength;
  }

  /** Replaces headers that the application has set, as those of a page protect it. */
  protected sendHead(status: number, headers: readonly (readonly [string, string])[]): void {
    // The application has answered, as after a time limit of its own.
    if (this.#response.headersSent) return void this.destroy();
    for (const [name, value] of headers) this.#response.setHeader(name, value);
    if (isBodyIncomplete(this.#incoming)) this.#response.setHeader('connection', 'close');
    this.#response.writeHead(status);
  }

  flushHeaders(): void {
    this.#response.flushHeaders();
  }

  protected sendPiece(piece: Buffer): boolean {
    if (this.destroyed || this.#response.writableEnded) {
      this.destroy();
      return false;
    }
    // Otherwise Node hands it to the operating system only after this turn, and it would count as unread.
    this.#response.cork();
    const mayContinue = this.#response.write(piece);
    this.#response.uncork();
    return mayContinue;
  }

  protected sendEnd(done: () => void): void {
    if (isBodyIncomplete(this.#incoming)) discardBody(this.#incoming, () => this.#response.end(done));
    else this.#response.end(done);
  }

  protected release(isSent: boolean): void {
    this.#response.off('drain', this.#onDrain).off('close', this.#onClose);
    if (!isSent) this.#incoming.socket.destroy();
  }
}
