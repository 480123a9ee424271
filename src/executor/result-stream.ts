import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../watcher/index.ts';

const END = { done: true, value: undefined } as const;

/** What makes results of what a source gives. */
export interface Results {
  /** A result, as it is sent. */
  of(given: unknown): ExecutionResult | Promise<ExecutionResult>;
  /** The last result of a stream whose source fails. */
  failure(error: unknown): ExecutionResult;
}

/** Results as they are sent, of a source that can be read without waiting if it can. */
export function resultStream(
  source: AsyncIterator<unknown>,
  results: Results,
): AsyncIterableIterator<ExecutionResult, undefined> {
  return isReadyIterator(source) ? new ReadyResultStream(source, results) : new ResultStream(source, results);
}

/**
 * Results as they are sent. One that fails ends with a result that says so; it ends its source when its reader leaves. Ten thousand of them tell the same event, so
 * it is one step from the source to the reader.
 */
class ResultStream<S extends AsyncIterator<unknown>> implements AsyncIterableIterator<ExecutionResult, undefined> {
  protected readonly source: S;
  protected ended = false;
  readonly #results: Results;

  constructor(source: S, results: Results) {
    this.source = source;
    this.#results = results;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.ended) return Promise.resolve(END);
    return this.wait(this.source.next());
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.ended = true;
    await this.source.return?.();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected wait(taking: Promise<IteratorResult<unknown>>): Promise<IteratorResult<ExecutionResult, undefined>> {
    return taking.then(
      (taken) => this.take(taken),
      (error: unknown) => this.fail(error),
    );
  }

  protected take(taken: IteratorResult<unknown>): Taken<ExecutionResult> {
    if (taken.done) return END;
    try {
      const result = this.#results.of(taken.value);
      return result instanceof Promise ? result.then(given, (error: unknown) => this.fail(error)) : given(result);
    } catch (error) {
      return this.fail(error);
    }
  }

  protected fail(error: unknown): IteratorResult<ExecutionResult, undefined> {
    this.ended = true;
    return { done: false, value: this.#results.failure(error) };
  }
}

const given = (value: ExecutionResult): IteratorResult<ExecutionResult, undefined> => ({ done: false, value });

class ReadyResultStream extends ResultStream<ReadyIterator<unknown>> implements ReadyIterator<ExecutionResult> {
  tryNext(): Taken<ExecutionResult> | undefined {
    if (this.ended) return END;
    try {
      const taken = this.source.tryNext();
      if (taken === undefined) return undefined;
      return taken instanceof Promise ? this.wait(taken) : this.take(taken);
    } catch (error) {
      return this.fail(error);
    }
  }

  whenReady(reader: Reader): void {
    this.source.whenReady(reader);
  }
}
