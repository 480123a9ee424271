import type { Socket } from 'node:net';
import type { BufferOwner, ByteBudget, ByteReservation } from '../../pipeline/byte-budget.ts';
import { callerOf } from '../../pipeline/limit-key.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { BufferedResponse } from './buffered-response.ts';

interface Unread {
  readonly reservation: ByteReservation;
  owner: BufferOwner;
  readonly connection: Connection;
  /** What was left when its client last read something. */
  leftBytes: number;
  /** When that was, on the clock of `performance.now()`, in ms. */
  readAt: number;
}

interface Connection {
  /** What is not read of all its responses. */
  bytes: number;
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
  readonly #connections = new WeakMap<Socket, Connection>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: UnreadAnswersOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#closeStalled(), Math.min(1_000, options.sendTimeoutMs / 4)).unref();
  }

  /** Counts a response from now on as the owner's. May be called again when the caller is known. */
  count(response: BufferedResponse, owner: BufferOwner): void {
    this.#owners.set(response, owner);
    response.countIn(this);
    const unread = this.#unread.get(response);
    if (unread !== undefined && owner.caller !== undefined) {
      unread.owner = owner;
      unread.reservation.authenticated(owner.caller);
    } else if (response.socket === null) this.changed(response);
  }

  /** Something was written that the kernel has not taken at once, or the response waits behind another. */
  changed(response: BufferedResponse): void {
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

  /** Releases what has been read. */
  read(response: BufferedResponse): void {
    const unread = this.#unread.get(response);
    if (unread === undefined) return;
    const left = response.unreadBytes;
    const more = left - unread.reservation.bytes;
    unread.reservation.adjust(more);
    unread.connection.bytes += more;
    if (left < unread.leftBytes) unread.readAt = performance.now();
    unread.leftBytes = left;
  }

  #begin(response: BufferedResponse, owner: BufferOwner): Unread {
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
    const end = () => this.#end(response);
    response.once('finish', end).once('close', end);
    return unread;
  }

  #end(response: BufferedResponse): void {
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
      // One that waits behind another on its connection is not read before that one is.
      if (response.unreadBytes === 0 || response.socket === null) unread.readAt = now;
      else if (now - unread.readAt > this.#options.sendTimeoutMs)
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
