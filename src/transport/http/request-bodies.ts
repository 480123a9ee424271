import type { IncomingMessage } from 'node:http';
import type { BufferOwner, ByteBudget } from '../../pipeline/byte-budget.ts';
import { callerOf } from '../../pipeline/limit-key.ts';
import type { SecurityLog } from '../../pipeline/security-log.ts';
import type { BufferedResponse } from './buffered-response.ts';
import { declaredLength } from './discard-body.ts';

/** Rates are looked at from this age of a body on, in ms: before, a slow start would count for too much. */
const GRACE_MS = 1_000;

/** Why a body is rejected, and by which setting. */
export interface BodyRejection {
  readonly reason: 'body_too_large' | 'body_timeout' | 'body_too_slow' | 'buffered_bytes';
  /** Undefined where the bound is fixed. */
  readonly setting: string | undefined;
}

interface Receiving {
  /** On the clock of `performance.now()`, in ms. */
  readonly since: number;
  bytes: number;
  readonly reject: (reason: 'body_timeout' | 'body_too_slow', setting: string) => void;
}

export interface RequestBodiesOptions {
  readonly buffers: ByteBudget;
  readonly securityLog: SecurityLog;
  readonly limits: { readonly bodyTimeoutMs: number; readonly bodyBytesPerSecond: number };
}

export interface BodyReadOptions {
  readonly owner: BufferOwner;
  /** The client's address, for the security log. */
  readonly address: string;
  readonly maxBytes: number;
  /** The setting behind `maxBytes`; absent where that is fixed. */
  readonly maxBytesSetting?: string;
}

/** Reads the bodies of requests: counts their bytes, and rejects those that are too large or arrive too slowly. */
export class RequestBodies implements Disposable {
  readonly #options: RequestBodiesOptions;
  readonly #receiving = new Set<Receiving>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: RequestBodiesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#rejectSlow(), Math.min(1_000, options.limits.bodyTimeoutMs / 4)).unref();
  }

  /**
   * Reads a request's body as UTF-8 and calls back once, with the text or with why it is rejected; never for a body that breaks off. It counts as the owner's until the request is
   * answered: with its declared length from the beginning or, when it is sent in chunks, as they come.
   */
  read(
    request: IncomingMessage,
    response: BufferedResponse,
    { owner, address, maxBytes, maxBytesSetting }: BodyReadOptions,
    done: (body: string | BodyRejection) => void,
  ): void {
    const { buffers, securityLog } = this.#options;
    const reservation = buffers.open(owner);
    const chunks: Buffer[] = [];
    const stop = () => {
      this.#receiving.delete(receiving);
      request.off('data', take).off('end', finish);
    };
    const reject = (reason: BodyRejection['reason'], setting: string | undefined) => {
      stop();
      chunks.length = 0;
      reservation[Symbol.dispose]();
      securityLog.report({ reason, address, caller: callerOf(owner.caller), setting });
      done({ reason, setting });
    };
    const receiving: Receiving = { since: performance.now(), bytes: 0, reject };
    /** True when the bytes are counted. */
    const count = (bytes: number): boolean => {
      const exceeded = reservation.grow(bytes);
      if (exceeded !== undefined) reject('buffered_bytes', `limits.bufferedBytes.${exceeded}`);
      return exceeded === undefined;
    };
    const length = declaredLength(request);
    const take = (chunk: Buffer) => {
      receiving.bytes += chunk.length;
      if (receiving.bytes > maxBytes) reject('body_too_large', maxBytesSetting);
      else if (length !== undefined || count(chunk.length)) chunks.push(chunk);
    };
    const finish = () => {
      stop();
      const [first] = chunks;
      done((chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString());
    };
    response.once('close', () => {
      stop();
      reservation[Symbol.dispose]();
    });
    if (length !== undefined && length > maxBytes) {
      reject('body_too_large', maxBytesSetting);
      return;
    }
    if (length !== undefined && length > 0 && !count(length)) return;
    this.#receiving.add(receiving);
    response.receiveBody();
    request.on('data', take).once('end', finish);
  }

  #rejectSlow(): void {
    const { bodyTimeoutMs, bodyBytesPerSecond } = this.#options.limits;
    const now = performance.now();
    for (const { since, bytes, reject } of this.#receiving) {
      const ms = now - since;
      if (ms > bodyTimeoutMs) reject('body_timeout', 'limits.bodyTimeoutMs');
      else if (ms > GRACE_MS && (bytes * 1_000) / ms < bodyBytesPerSecond)
        reject('body_too_slow', 'limits.bodyBytesPerSecond');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
