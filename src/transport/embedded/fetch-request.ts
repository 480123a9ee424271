import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { IncomingRequest } from '../http/http-response.ts';

/** A request of the Fetch standard, as the gateway reads requests. */
export class FetchRequest extends Readable implements IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly socket: FetchConnection;
  complete: boolean;
  readonly #body: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(request: Request, remoteAddress: string | undefined) {
    super();
    const { host, pathname, search } = new URL(request.url);
    this.method = request.method;
    this.url = `${pathname}${search}`;
    const headers = new Headers(request.headers);
    if (!headers.has('host')) headers.set('host', host);
    // Its length is unknown, as that of chunks.
    if (request.body !== null && !headers.has('content-length')) headers.set('transfer-encoding', 'chunked');
    this.headers = Object.fromEntries(headers);
    this.rawHeaders = [...headers].flat();
    this.socket = new FetchConnection(remoteAddress);
    this.complete = request.body === null;
    this.#body = request.body?.getReader();
    if (this.complete) this.push(null);
  }

  override _read(): void {
    this.#body?.read().then(
      ({ done, value }) => {
        this.complete = done;
        this.push(done ? null : value);
      },
      (error: Error) => {
        this.destroy(error);
        this.socket.destroy();
      },
    );
  }

  override _destroy(_error: Error | null, done: (error?: null) => void): void {
    this.#body?.cancel().catch(() => {});
    done();
  }
}

/** Stands for the connection of a request of the Fetch standard, which does not show its own. */
class FetchConnection {
  readonly remoteAddress: string | undefined;
  destroyed = false;
  onDestroy: () => void = () => {};

  constructor(remoteAddress: string | undefined) {
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.onDestroy();
  }
}
