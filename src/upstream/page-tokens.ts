import { UpstreamError } from './errors.ts';
import type { ListName } from './operation-types.ts';

/** The tokens by which one list has been read so far: a list that comes back to one of them would never end. */
export class PageTokens {
  readonly #operation: ListName;
  readonly #seen = new Set<string>();

  /** `start`: the token of the first page that is read, where that is not the list's first. */
  constructor(operation: ListName, start?: string) {
    this.#operation = operation;
    if (start !== undefined) this.#seen.add(start);
  }

  /**
   * Told of each page's token of the next.
   * @throws UpstreamError UPSTREAM_BAD_RESPONSE when that page has been read.
   */
  add(token: string): void {
    if (this.#seen.has(token)) {
      const problem = `${this.#operation} answered with a NextToken that this list has been read with already, and would never end.`;
      throw new UpstreamError(problem, { code: 'UPSTREAM_BAD_RESPONSE', operation: this.#operation, retryable: true });
    }
    this.#seen.add(token);
  }
}
