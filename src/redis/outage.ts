import type { Logger } from 'pino';

/** Why Redis failed, in its words. Nothing else of such an error is for a log: it holds the command, with passwords and what was to be written. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Says in the log that Redis fails, and that it does no more: once each, however many notice. */
export class Outage {
  readonly #log: Logger;
  /** For whom it fails. */
  readonly #sufferers = new Set<object>();
  #told = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  failed(sufferer: object, error: unknown): void {
    this.#sufferers.add(sufferer);
    if (this.#told) return;
    this.#told = true;
    this.#log.warn(
      { reason: reasonOf(error) },
      'Redis is out of reach, or refuses what is written; subscriptions wait for it, queries go on',
    );
  }

  /** Redis did as it was told. */
  worked(forWhom: object): void {
    this.#sufferers.delete(forWhom);
    if (!this.#told || this.#sufferers.size > 0) return;
    this.#told = false;
    this.#log.warn('Redis is back');
  }

  /** Who leaves without having seen it work does not know that it does. */
  left(sufferer: object): void {
    this.#sufferers.delete(sufferer);
  }
}
