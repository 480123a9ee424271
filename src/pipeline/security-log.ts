import type { Logger } from 'pino';

/** The reason to reject, delay or close a request, message or connection; a label of `orgql_security_events_total`. */
export type SecurityReason =
  | 'credentials_missing'
  | 'credentials_rejected'
  | 'credentials_slowed_down'
  | 'host_rejected'
  | 'origin_rejected'
  | 'request_malformed'
  | 'headers_timeout'
  | 'body_too_large'
  | 'body_timeout'
  | 'body_too_slow'
  | 'message_too_large'
  | 'message_flood'
  | 'connections_total'
  | 'connections_per_address'
  | 'connections_unauthenticated'
  | 'init_timeout'
  | 'buffered_bytes'
  | 'response_too_large'
  | 'client_too_slow'
  | 'rate_limited'
  | 'concurrency_limited'
  | 'document_rejected';

export interface SecurityEvent {
  readonly reason: SecurityReason;
  readonly address: string;
  /** The caller's name, once it is authenticated. */
  readonly caller?: string | undefined;
  /** The setting whose bound was exceeded, such as `limits.bodyBytes`. */
  readonly setting?: string | undefined;
}

export interface SecurityObserver {
  /** Reports that a request, message or connection was rejected, delayed or closed. */
  securityEvent(reason: SecurityReason): void;
}

/** Events of one reason, address and caller are summed for this long, in ms. */
const WINDOW_MS = 10_000;
/**
 * Maximum number of sums; further events are summed by reason alone, so that many addresses cannot fill memory or log.
 */
const MAX_SUMS = 200;

interface Sum {
  readonly event: SecurityEvent;
  /** Events not logged yet. */
  count: number;
}

/**
 * Logs security events at `warn` and counts them in metrics. The first event of a reason, address and caller is logged
 * at once; further ones are summed and logged once per window, so that an attack cannot fill the log.
 */
export class SecurityLog implements Disposable {
  readonly #log: Logger;
  readonly #observer: SecurityObserver | undefined;
  readonly #sums = new Map<string, Sum>();
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Logger, observer: SecurityObserver | undefined) {
    this.#log = log;
    this.#observer = observer;
  }

  report(event: SecurityEvent): void {
    this.#observer?.securityEvent(event.reason);
    const sum = this.#sumOf(event);
    sum.count += 1;
    this.#timer ??= setInterval(() => this.#endWindow(), WINDOW_MS).unref();
  }

  #sumOf(event: SecurityEvent): Sum {
    const { reason, address, caller, setting } = event;
    const own = `${reason} ${address} ${caller ?? ''}`;
    const isTooMany = this.#sums.size >= MAX_SUMS && !this.#sums.has(own);
    const key = isTooMany ? `${reason} *` : own;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      // The first event of a sum is logged at once, and not counted again at the end of the window.
      if (!isTooMany) this.#write(event, 1);
      sum = isTooMany ? { event: { reason, setting, address: 'further addresses' }, count: 0 } : { event, count: -1 };
      this.#sums.set(key, sum);
    }
    return sum;
  }

  #endWindow(): void {
    for (const [key, sum] of this.#sums) {
      if (sum.count > 0) this.#write(sum.event, sum.count);
      else this.#sums.delete(key);
      sum.count = 0;
    }
    if (this.#sums.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #write({ reason, address, caller, setting }: SecurityEvent, count: number): void {
    this.#log.warn({ security: reason, address, caller, setting, count }, 'security event');
  }

  /** Logs the pending sums. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const { event, count } of this.#sums.values()) if (count > 0) this.#write(event, count);
    this.#sums.clear();
  }
}
