import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BufferOwner, ByteBudget, ExceededBound } from '../byte-budget.ts';
import { callerOf } from '../operation.ts';
import type { SecurityLog, SecurityReason } from '../security-log.ts';
import { sendText } from './send-text.ts';

/** Rates are looked at from this age of a body on, in ms: before, a slow start would count for too much. */
const GRACE_MS = 1_000;

interface Receiving {
  readonly response: ServerResponse;
  readonly owner: BufferOwner;
  /** On the clock of `performance.now()`, in ms. */
  readonly since: number;
  /** What the connection had received then. */
  readonly bytesBefore: number;
}

export interface RequestBodiesOptions {
  readonly buffers: ByteBudget;
  readonly securityLog: SecurityLog;
  readonly limits: { readonly bodyBytes: number; readonly bodyTimeoutMs: number; readonly bodyBytesPerSecond: number };
}

/** Counts the bodies of requests before any of them is read, and rejects those that arrive too slowly. */
export class RequestBodies implements Disposable {
  readonly #options: RequestBodiesOptions;
  readonly #receiving = new Map<IncomingMessage, Receiving>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: RequestBodiesOptions) {
    this.#options = options;
    const { bodyTimeoutMs } = options.limits;
    this.#timer = setInterval(() => this.#rejectSlow(), Math.min(1_000, bodyTimeoutMs / 4)).unref();
  }

  /**
   * Counts a request's body as the owner's until the request is answered: with its declared length or, when it is sent in chunks, with the largest that is allowed.
   * Returns the bound that does not allow it; nothing is counted then.
   */
  receive(request: IncomingMessage, response: ServerResponse, owner: BufferOwner): ExceededBound | undefined {
    const bytes = bodyLength(request, this.#options.limits.bodyBytes);
    if (bytes === 0) return undefined;
    const reservation = this.#options.buffers.open(owner);
    const exceeded = reservation.grow(Math.min(bytes, this.#options.limits.bodyBytes));
    if (exceeded !== undefined) return exceeded;
    const since = performance.now();
    this.#receiving.set(request, { response, owner, since, bytesBefore: request.socket.bytesRead });
    const received = () => this.#receiving.delete(request);
    request.once('end', received).once('close', received);
    response.once('close', () => {
      received();
      reservation[Symbol.dispose]();
    });
    return undefined;
  }

  #rejectSlow(): void {
    const { bodyTimeoutMs, bodyBytesPerSecond } = this.#options.limits;
    const now = performance.now();
    for (const [request, { response, owner, since, bytesBefore }] of this.#receiving) {
      const ms = now - since;
      const tooLate = ms > bodyTimeoutMs;
      const received = request.socket.bytesRead - bytesBefore;
      // A body that is not read yet stays in the kernel, and its client cannot send more.
      const tooSlow = ms > GRACE_MS && !request.isPaused() && (received * 1_000) / ms < bodyBytesPerSecond;
      if (request.complete || !(tooLate || tooSlow)) continue;
      this.#receiving.delete(request);
      const [reason, setting]: [SecurityReason, string] = tooLate
        ? ['body_timeout', 'limits.bodyTimeoutMs']
        : ['body_too_slow', 'limits.bodyBytesPerSecond'];
      this.#options.securityLog.report({ reason, address: owner.address, caller: callerOf(owner.caller), setting });
      discardBody(request, response, () => {
        if (!response.headersSent) sendText(response, 408, `The request's body did not arrive in time (${setting}).`);
        request.socket.destroySoon();
      });
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** In bytes; `chunked`: what a body of unknown length counts as. */
export function bodyLength({ headers }: IncomingMessage, chunked: number): number {
  if (headers['transfer-encoding'] !== undefined) return chunked;
  return Number(headers['content-length'] ?? 0);
}

/** How long, in ms, and how much, in bytes, is read of a body that is rejected: a connection that is closed with bytes unread is reset, and its client may never see the answer. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1_048_576;

/** Reads and drops a request's body, within bounds, then calls back, unless its client has gone. A connection whose body is not complete then ends with the answer. */
export function discardBody(request: IncomingMessage, response: ServerResponse, done: () => void): void {
  if (request.complete && request.readableEnded) {
    done();
    return;
  }
  let bytes = 0;
  const finish = () => {
    clearTimeout(timer);
    request.off('data', count).off('close', finish).off('end', finish);
    if (response.destroyed || request.socket.destroyed) return;
    response.shouldKeepAlive &&= request.complete;
    done();
  };
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) finish();
  };
  const timer = setTimeout(finish, LINGER_MS).unref();
  request.on('data', count).once('end', finish).once('close', finish);
}
