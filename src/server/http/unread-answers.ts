import type { BufferOwner, ByteBudget, ByteReservation } from '../byte-budget.ts';
import { callerOf } from '../operation.ts';
import type { SecurityLog } from '../security-log.ts';
import type { BufferedResponse } from './buffered-response.ts';

interface Unread {
  readonly reservation: ByteReservation;
  readonly owner: BufferOwner;
  /** What was left when its client last read something. */
  leftBytes: number;
  /** When that was, on the clock of `performance.now()`, in ms. */
  readAt: number;
}

export interface UnreadAnswersOptions {
  readonly buffers: ByteBudget;
  readonly securityLog: SecurityLog;
  /** See `limits.sendTimeoutMs`. */
  readonly sendTimeoutMs: number;
}

/**
 * Counts what clients have not read of their answers, as bytes of their caller. The connection of a client is closed when it has read nothing for `limits.sendTimeoutMs`, or when it
 * exceeds a bound of `limits.bufferedBytes`; when the bound is the one of all clients together, those that hold most are closed.
 */
export class UnreadAnswers implements Disposable {
  readonly #options: UnreadAnswersOptions;
  readonly #unread = new Map<BufferedResponse, Unread>();
  readonly #owners = new WeakMap<BufferedResponse, BufferOwner>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: UnreadAnswersOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#closeStalled(), Math.min(1_000, options.sendTimeoutMs / 4)).unref();
  }

  /** Counts a response from now on as the owner's. May be called again when the caller is known. */
  count(response: BufferedResponse, owner: BufferOwner): void {
    this.#owners.set(response, owner);
    response.countIn(this);
  }

  /** Something was written that the kernel has not taken at once. */
  changed(response: BufferedResponse): void {
    const owner = this.#owners.get(response);
    if (owner === undefined || response.destroyed) return;
    const unread = this.#unread.get(response) ?? this.#begin(response, owner);
    const more = response.unreadBytes - unread.reservation.bytes;
    const exceeded = more > 0 ? unread.reservation.grow(more) : undefined;
    if (more < 0 || exceeded !== undefined) unread.reservation.adjust(more);
    if (exceeded === undefined) return;
    if (exceeded === 'total') this.#closeLargest();
    else this.#close(response, unread, 'buffered_bytes', `limits.bufferedBytes.${exceeded}`);
  }

  #begin(response: BufferedResponse, owner: BufferOwner): Unread {
    const unread = {
      reservation: this.#options.buffers.open(owner),
      owner,
      leftBytes: Number.POSITIVE_INFINITY,
      readAt: performance.now(),
    };
    this.#unread.set(response, unread);
    response.on('drain', () => this.#read(response)).once('finish', () => this.#end(response));
    response.once('close', () => this.#end(response));
    return unread;
  }

  /** What has been read is released. */
  #read(response: BufferedResponse): void {
    const unread = this.#unread.get(response);
    if (unread === undefined) return;
    const left = response.unreadBytes;
    unread.reservation.adjust(left - unread.reservation.bytes);
    if (left < unread.leftBytes) unread.readAt = performance.now();
    unread.leftBytes = left;
  }

  #end(response: BufferedResponse): void {
    this.#unread.get(response)?.reservation[Symbol.dispose]();
    this.#unread.delete(response);
  }

  #closeStalled(): void {
    const now = performance.now();
    for (const [response, unread] of this.#unread) {
      this.#read(response);
      if (response.unreadBytes === 0) unread.readAt = now;
      // One that waits behind another on its connection is not read before that one is.
      else if (response.socket !== null && now - unread.readAt > this.#options.sendTimeoutMs)
        this.#close(response, unread, 'client_too_slow', 'limits.sendTimeoutMs');
    }
  }

  #closeLargest(): void {
    let largest: [BufferedResponse, Unread] | undefined;
    for (const each of this.#unread)
      if (each[1].reservation.bytes > (largest?.[1].reservation.bytes ?? 0)) largest = each;
    if (largest !== undefined) this.#close(...largest, 'buffered_bytes', 'limits.bufferedBytes.total');
  }

  #close(
    response: BufferedResponse,
    { owner: { address, caller } }: Unread,
    reason: 'buffered_bytes' | 'client_too_slow',
    setting: string,
  ): void {
    this.#options.securityLog.report({ reason, address, caller: callerOf(caller), setting });
    this.#end(response);
    response.req.socket.destroy();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
