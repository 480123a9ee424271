import type { UpstreamError } from '../upstream/index.ts';
import { isRefusal } from './errors.ts';
import type { SharedFailure } from './sweep-progress.ts';

/** After this many failed pages in a row the other processes are notified. */
const maxFailures = 3;

/** How AWS replies to the reads of a list. */
export class ReplyStatus {
  #failures = 0;
  #failure: SharedFailure | undefined;
  #error: Error | undefined;

  /** The number of failed pages in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** The last error; undefined after a success. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** The error of several failed pages in a row, or a refusal. */
  get failure(): SharedFailure | undefined {
    return this.#failure;
  }

  /** Returns whether there is a new failure. */
  onReply(error: UpstreamError | undefined): boolean {
    this.#error = error;
    this.#failures = error === undefined ? 0 : this.#failures + 1;
    const before = this.#failure?.message;
    if (error === undefined) this.#failure = undefined;
    else if (this.#failures > maxFailures) this.#failure = { message: error.message, isRefused: isRefusal(error) };
    return this.#failure !== undefined && this.#failure.message !== before;
  }

  onRefused(error: UpstreamError): void {
    this.#failure = { message: error.message, isRefused: true };
    this.#error = error;
  }

  /** The list is not read now, for another reason than AWS. `error`: undefined if it is read again. */
  reset(error: Error | undefined): void {
    this.#failures = 0;
    this.#failure = undefined;
    this.#error = error;
  }
}
