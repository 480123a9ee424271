import { createHash } from 'node:crypto';
import { UpstreamError } from './errors.ts';
import type { ListName } from './operation-types.ts';

/** AWS's largest list that is read to its end has an organization's 50,000 accounts, in pages of 20: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_PAGES = 10_000;
/** AWS returns empty pages with a NextToken now and then: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html */
const MAX_EMPTY_PAGES_IN_A_ROW = 100;

/** The tokens by which one list has been read so far. A list that would never end is an error: one that comes back to a token, or goes on and on. */
export class PageTokens {
  readonly #operation: ListName;
  /** Digests, as a token may have 100,000 characters. */
  readonly #seen = new Set<string>();
  #emptyPages = 0;

  /** `start`: the token of the first page that is read, where that is not the list's first. */
  constructor(operation: ListName, start?: string) {
    this.#operation = operation;
    if (start !== undefined) this.#seen.add(digestOf(start));
  }

  /**
   * Notes a page: the token of the one after it, and how many items it has.
   * @throws UpstreamError UPSTREAM_BAD_RESPONSE when the list would never end.
   */
  add(token: string, items: number): void {
    const digest = digestOf(token);
    if (this.#seen.has(digest))
      throw this.#endless('answered with a NextToken that this list has been read with already');
    this.#seen.add(digest);
    this.#emptyPages = items > 0 ? 0 : this.#emptyPages + 1;
    if (this.#emptyPages > MAX_EMPTY_PAGES_IN_A_ROW)
      throw this.#endless(
        `answered with more than ${MAX_EMPTY_PAGES_IN_A_ROW} empty pages in a row, each with a NextToken`,
      );
    if (this.#seen.size > MAX_PAGES) throw this.#endless(`answered with more than ${MAX_PAGES} pages`);
  }

  #endless(problem: string): UpstreamError {
    return new UpstreamError(`${this.#operation} ${problem}, and would never end.`, {
      code: 'UPSTREAM_BAD_RESPONSE',
      operation: this.#operation,
      retryable: true,
    });
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
