import { limitError } from '../limit-error.ts';
import type { ServerParts } from '../parts.ts';

/** Tells of WebSockets that are refused because there are too many: the metrics of each, the log when it begins. */
export class FullHouse {
  readonly #maximum: number;
  readonly #parts: Pick<ServerParts, 'log' | 'observer'>;
  #told = false;

  /** `maximum`: how many may be open. */
  constructor(maximum: number, parts: Pick<ServerParts, 'log' | 'observer'>) {
    this.#maximum = maximum;
    this.#parts = parts;
  }

  /** One is refused. */
  met(): void {
    const maximum = this.#maximum;
    const { log, observer } = this.#parts;
    const message = `${maximum} WebSockets are open, and no more may be (limits.connections).`;
    observer?.refused('websocket', { errors: [limitError('SOCKET_LIMIT_EXCEEDED', message, { maximum })] });
    if (!this.#told) log.warn({ maximum }, 'WebSockets are refused: as many are open as limits.connections allows');
    this.#told = true;
  }

  /** One has closed, and so many are open. Where they come and go at the limit, it has not begun anew. */
  eased(open: number): void {
    if (open <= this.#maximum * 0.9) this.#told = false;
  }
}
