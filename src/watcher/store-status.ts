import type { Logger } from 'pino';
import { isDiskFull, type StoreError } from './store-error.ts';

/** Logs when `watch.store` cannot be opened or written, and has it for metrics and the details of readiness. A store that has failed is used again after a restart only. */
export class StoreStatus {
  readonly #log: Pick<Logger, 'error'>;
  #code: 'STORE_FULL' | 'STORE_FAILED' | undefined;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Why it is not used, at least not for every list; undefined while it is. */
  get code(): string | undefined {
    return this.#code;
  }

  notOpened(error: StoreError): void {
    this.#failed(error);
    this.#log.error(
      { reason: error.message },
      'watch.store is not used until the next start; events are kept in memory only',
    );
  }

  /** `list`: whose log could not be written; undefined where it is old logs that cannot be dropped. */
  notWritten(error: unknown, list: string | undefined): void {
    this.#failed(error);
    const then = list
      ? 'until the next start this list is kept in memory only'
      : 'what nobody watches any more stays there';
    this.#log.error({ err: error, list }, `watch.store cannot be written; ${then}`);
  }

  #failed(error: unknown): void {
    this.#code ??= isDiskFull(error) ? 'STORE_FULL' : 'STORE_FAILED';
  }
}
