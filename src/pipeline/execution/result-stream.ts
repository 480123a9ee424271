import type { ExecutionResult } from 'graphql';
import type { TextResult } from '../../executor/index.ts';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../../watcher/index.ts';

/** Converts the items of an operation's source to results. */
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

/** `source`, until the signal fires; then one last result, and the end. */
export function endOnAbort(
  signal: AbortSignal,
  source: AsyncIterator<ExecutionResult>,
  finalResult: () => ExecutionResult,
): AsyncIterableIterator<ExecutionResult> {
  let ended = false;
  const end = { done: true, value: undefined } as const;
  const finish = () => {
    if (ended) return end;
    ended = true;
    // Not awaited, as a source that waits for AWS must not delay the end of the stream.
    source.return?.().catch(() => {});
    return { done: false, value: finalResult() };
  };
  return {
    async next() {
      if (ended) return end;
      if (signal.aborted) return finish();
      let stop = () => {};
      const aborted = new Promise<'aborted'>((resolve) => {
        stop = () => resolve('aborted');
        signal.addEventListener('abort', stop, { once: true });
      });
      try {
        const first = await Promise.race([source.next(), aborted]);
        return first === 'aborted' ? finish() : first;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async return() {
      ended = true;
      await source.return?.();
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Calls `onEnd` once, when `source` ends, fails or is returned. A `ReadyIterator` remains one. */
export function onIteratorEnd<T>(source: AsyncIterator<T>, onEnd: () => void): AsyncIterableIterator<T> {
  return isReadyIterator(source) ? new ReadyUntilEnd(source, onEnd) : new UntilEnd(source, onEnd);
}

class UntilEnd<T, S extends AsyncIterator<T, undefined>> implements AsyncIterableIterator<T, undefined> {
  protected readonly source: S;
  #onEnd: (() => void) | undefined;

  constructor(source: S, onEnd: () => void) {
    this.source = source;
    this.#onEnd = onEnd;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.wait(this.source.next());
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected wait(taking: Promise<IteratorResult<T, undefined>>): Promise<IteratorResult<T, undefined>> {
    return taking.then(
      (taken) => this.take(taken),
      (error: unknown) => {
        this.end();
        throw error;
      },
    );
  }

  protected take(taken: IteratorResult<T, undefined>): IteratorResult<T, undefined> {
    if (taken.done) this.end();
    return taken;
  }

  protected end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.();
  }
}

class ReadyUntilEnd<T> extends UntilEnd<T, ReadyIterator<T>> implements ReadyIterator<T> {
  tryNext(): Taken<T> | undefined {
    try {
      const taken = this.source.tryNext();
      return taken instanceof Promise ? this.wait(taken) : taken && this.take(taken);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  whenReady(reader: Reader): void {
    this.source.whenReady(reader);
  }
}
