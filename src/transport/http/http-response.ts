import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';

/** What is read of a request, whichever server has received it. */
export interface IncomingRequest extends Readable {
  readonly method?: string | undefined;
  /** As the server has received it. `HttpRequest.url` is relative to where the handler is mounted. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** Whether the whole body has arrived. */
  readonly complete: boolean;
  /** The connection. One object for all of its requests. */
  readonly socket: {
    readonly remoteAddress?: string | undefined;
    readonly destroyed: boolean;
    destroy(): void;
  };
}

/** Receives reports of the bytes that a client has not read. */
export interface UnreadCounter<Response> {
  /** Called after a write that the operating system has not accepted at once. */
  changed(response: Response): void;
  /** Called when the client has read. */
  read(response: Response): void;
}

/** The response of a request, whichever server sends it. */
export interface HttpResponse extends Writable {
  readonly req: IncomingRequest;
  /** The request's header `Expect` until it is met. The client sends the body only afterwards. */
  readonly expectation: 'continue' | 'unsupported' | undefined;
  /** Whether it waits for an earlier response of its connection (HTTP pipelining). */
  readonly isQueued: boolean;
  /** Bytes that the client has not read yet, as far as is known. A shared body counts piece by piece. */
  readonly unreadBytes: number;
  /** Begins to count. */
  countIn(unread: UnreadCounter<HttpResponse>): void;
  /** Lets a client that waits for it send the body. */
  receiveBody(): void;
  writeHead(status: number, headers?: OutgoingHttpHeaders | string[]): this;
  flushHeaders(): void;
  /** Ends the response with a body that several responses share. */
  endWithShared(body: Buffer): void;
  /** Ends the connection at once. */
  closeConnection(): void;
}

/**
 * A long body is written to the socket in pieces of this many bytes. The remaining pieces show how much the client has
 * read.
 */
export const PIECE_BYTES = 65_536;

/** Minimum size that is counted for a pipelined request, in bytes: its response waits for the one before it. */
export const WAITING_REQUEST_BYTES = 8_192;
