import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../../watcher/index.ts';

const END = { done: true, value: undefined } as const;

export interface ResultStreamOptions<T> {
  readonly source: AsyncIterator<T>;
  /** Makes a result, as it is sent, of what the source gives. */
  readonly result: (given: T) => ExecutionResult | Promise<ExecutionResult>;
  /** The last result of a stream whose source fails. */
  readonly failure: (error: unknown) => ExecutionResult;
}

/** Results as they are sent, of a source that can be read without waiting if it can. */
export function resultStream<T>(options: ResultStreamOptions<T>): AsyncIterableIterator<ExecutionResult, undefined> {
  const { source } = options;
  return isReadyIterator(source) ? new ReadyResultStream(options, source) : new ResultStream(options);
}

/**
 * Results as they are sent. One that fails ends with a result that says so; it ends its source when its reader leaves. Ten thousand of them tell the same event, so
 * it is one step from the source to the reader.
 */
class ResultStream<T> implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #options: ResultStreamOptions<T>;
  protected ended = false;

  constructor(options: ResultStreamOptions<T>) {
    this.#options = options;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.ended) return Promise.resolve(END);
    return this.#options.source.next().then(this.take, this.fail);
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.ended = true;
    await this.#options.source.return?.();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected readonly take = (taken: IteratorResult<T>): Taken<ExecutionResult> => {
    if (taken.done) return END;
    try {
      const result = this.#options.result(taken.value);
      return result instanceof Promise ? result.then(given, this.fail) : given(result);
    } catch (error) {
      return this.fail(error);
    }
  };

  protected readonly fail = (error: unknown): IteratorResult<ExecutionResult, undefined> => {
    this.ended = true;
    return { done: false, value: this.#options.failure(error) };
  };
}

const given = (value: ExecutionResult): IteratorResult<ExecutionResult, undefined> => ({ done: false, value });

class ReadyResultStream<T> extends ResultStream<T> implements ReadyIterator<ExecutionResult> {
  readonly #source: ReadyIterator<T>;

  constructor(options: ResultStreamOptions<T>, source: ReadyIterator<T>) {
    super(options);
    this.#source = source;
  }

  tryNext(): Taken<ExecutionResult> | undefined {
    if (this.ended) return END;
    try {
      const taken = this.#source.tryNext();
      if (taken === undefined) return undefined;
      return taken instanceof Promise ? taken.then(this.take, this.fail) : this.take(taken);
    } catch (error) {
      return this.fail(error);
    }
  }

  whenReady(reader: Reader): void {
    this.#source.whenReady(reader);
  }
}
