import type { Logger } from 'pino';
import type { JwksObserver } from './issuer-keys.ts';

/**
 * Logs when the issuer's keys cannot be read, are too old to be used, and are available again. Counts reads for
 * metrics.
 */
export class JwksStatus implements JwksObserver {
  readonly #log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly #maxAgeMs: number;
  #readAt: number | undefined;
  #state: 'read' | 'not read' | 'unusable' = 'read';
  reads = 0;
  failedReads = 0;

  /** `maxAgeMs`: keys that are older are not used. */
  constructor(log: Pick<Logger, 'info' | 'warn' | 'error'>, maxAgeMs: number) {
    this.#log = log;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Whether the last read succeeded; true before the first. */
  get ready(): boolean {
    return this.#state === 'read';
  }

  /** Age of the known keys, in ms; undefined without keys. */
  get ageMs(): number | undefined {
    return this.#readAt === undefined ? undefined : performance.now() - this.#readAt;
  }

  keysRead(): void {
    this.reads += 1;
    this.#readAt = performance.now();
    if (this.#state !== 'read') this.#log.info("the issuer's keys are available again (auth.jwksUri)");
    this.#state = 'read';
  }

  keysNotRead(error: unknown): void {
    this.failedReads += 1;
    const { ageMs } = this;
    const state = ageMs === undefined || ageMs >= this.#maxAgeMs ? 'unusable' : 'not read';
    if (state === this.#state) return;
    this.#state = state;
    const reason = error instanceof Error ? error.message : String(error);
    if (state === 'not read')
      this.#log.warn(
        { reason, usedForMs: Math.round(this.#maxAgeMs - (ageMs ?? 0)) },
        "the issuer's keys cannot be read (auth.jwksUri); the known keys are still used",
      );
    else
      this.#log.error(
        { reason },
        "the issuer's keys cannot be read (auth.jwksUri), and the known ones are too old: callers are rejected",
      );
  }
}
