import type { ExecutionResult } from 'graphql';

const END = { done: true, value: undefined } as const;

export interface ResultStreamOptions<T> {
  readonly source: AsyncIterator<T>;
  /** Makes a result, as it is sent, of what the source gives. */
  readonly result: (given: T) => ExecutionResult | Promise<ExecutionResult>;
  /** The last result of a stream whose source fails. */
  readonly failure: (error: unknown) => ExecutionResult;
}

/**
 * Results as they are sent. One that fails ends with a result that says so; it ends its source when its reader leaves. Ten thousand of them tell the same event, so
 * it is one step from the source to the reader.
 */
export class ResultStream<T> implements AsyncIterableIterator<ExecutionResult> {
  readonly #options: ResultStreamOptions<T>;
  #ended = false;

  constructor(options: ResultStreamOptions<T>) {
    this.#options = options;
  }

  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#ended) return Promise.resolve(END);
    return this.#options.source.next().then(this.#take, this.#fail);
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#ended = true;
    await this.#options.source.return?.();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #take = (
    taken: IteratorResult<T>,
  ): IteratorResult<ExecutionResult> | Promise<IteratorResult<ExecutionResult>> => {
    if (taken.done) return END;
    try {
      const result = this.#options.result(taken.value);
      return result instanceof Promise ? result.then(given, this.#fail) : given(result);
    } catch (error) {
      return this.#fail(error);
    }
  };

  readonly #fail = (error: unknown): IteratorResult<ExecutionResult> => {
    this.#ended = true;
    return { done: false, value: this.#options.failure(error) };
  };
}

const given = (value: ExecutionResult): IteratorResult<ExecutionResult> => ({ done: false, value });
