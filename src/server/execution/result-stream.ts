import type { ExecutionResult } from 'graphql';

const END = { done: true, value: undefined } as const;

/** Results as they are sent. One that fails ends with a result that says so; it ends its source when its reader leaves. */
export class ResultStream implements AsyncIterableIterator<ExecutionResult> {
  readonly #source: AsyncIterator<ExecutionResult>;
  readonly #sent: (result: ExecutionResult) => ExecutionResult;
  readonly #failure: (error: unknown) => ExecutionResult;
  #failed = false;

  constructor(
    source: AsyncIterator<ExecutionResult>,
    sent: (result: ExecutionResult) => ExecutionResult,
    failure: (error: unknown) => ExecutionResult,
  ) {
    this.#source = source;
    this.#sent = sent;
    this.#failure = failure;
  }

  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#failed) return Promise.resolve(END);
    return this.#source.next().then(this.#take, this.#fail);
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#failed = true;
    await this.#source.return?.();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #take = (taken: IteratorResult<ExecutionResult>): IteratorResult<ExecutionResult> =>
    taken.done ? END : { done: false, value: this.#sent(taken.value) };

  readonly #fail = (error: unknown): IteratorResult<ExecutionResult> => {
    this.#failed = true;
    return { done: false, value: this.#failure(error) };
  };
}
