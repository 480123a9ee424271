import type { ExecutionResult } from 'graphql';
import type { TextResult } from '../../executor/index.ts';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../../watcher/index.ts';

/** Makes results of the items of an operation's source. */
export interface ResultSource {
  of(item: unknown): ExecutionResult | Promise<ExecutionResult>;
}

/** A result that comes in parts: where the parts come from, and how each becomes a result. */
export class ResultParts {
  readonly source: AsyncIterator<unknown>;
  readonly results: ResultSource;

  constructor(source: AsyncIterator<unknown>, results: ResultSource) {
    this.source = source;
    this.results = results;
  }
}

export type Executed = ExecutionResult | TextResult | ResultParts;

const END = { done: true, value: undefined } as const;

export interface StreamedResults extends ResultSource {
  /** The last result of a stream whose source fails. */
  failure(error: unknown): ExecutionResult;
}

/** The results of a source; it can be read without waiting if the source can. */
export function resultStream(
  source: AsyncIterator<unknown>,
  results: StreamedResults,
): AsyncIterableIterator<ExecutionResult, undefined> {
  return isReadyIterator(source) ? new ReadyResultStream(source, results) : new ResultStream(source, results);
}

/**
 * A source that fails ends with a result that says so; the source is closed when the reader leaves. Ten thousand of
 * these streams may publish the same event, so there is one step from the source to the reader.
 */
class ResultStream<S extends AsyncIterator<unknown>> implements AsyncIterableIterator<ExecutionResult, undefined> {
  protected readonly source: S;
  protected ended = false;
  readonly #results: StreamedResults;

  constructor(source: S, results: StreamedResults) {
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
