import type { ExecutionResult } from 'graphql';
import type { TextResult } from '../../executor/index.ts';
import {
  isSyncAsyncIterator,
  type NextResult,
  type ReadyListener,
  type SyncAsyncIterator,
} from '../../watcher/index.ts';

/** Converts the items of a source to results. */
export interface ResultMapper {
  toResult(item: unknown): ExecutionResult | Promise<ExecutionResult>;
}

/** The outcome of a subscription or an incremental operation: a source of items, and the mapper to results. */
export class StreamedExecution {
  readonly source: AsyncIterator<unknown>;
  readonly mapper: ResultMapper;

  constructor(source: AsyncIterator<unknown>, mapper: ResultMapper) {
    this.source = source;
    this.mapper = mapper;
  }
}

export type ExecutorOutcome = ExecutionResult | TextResult | StreamedExecution;

const END = { done: true, value: undefined } as const;

export interface ResultStreamMapper extends ResultMapper {
  /** Converts an error of the source to the last result of the stream. */
  toFailure(error: unknown): ExecutionResult;
}

/** Maps a source to results. The stream can be read synchronously if the source can. */
export function createResultStream(
  source: AsyncIterator<unknown>,
  mapper: ResultStreamMapper,
): AsyncIterableIterator<ExecutionResult, undefined> {
  return isSyncAsyncIterator(source) ? new SyncResultStream(source, mapper) : new ResultStream(source, mapper);
}

/**
 * If the source fails, the stream ends with a result that reports the error. Ten thousand streams may map the same
 * event, so there is only one step between the source and the consumer.
 */
class ResultStream<S extends AsyncIterator<unknown>> implements AsyncIterableIterator<ExecutionResult, undefined> {
  protected readonly source: S;
  protected ended = false;
  readonly #mapper: ResultStreamMapper;

  constructor(source: S, mapper: ResultStreamMapper) {
    this.source = source;
    this.#mapper = mapper;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.ended) return Promise.resolve(END);
    return this.mapWhenRead(this.source.next());
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.ended = true;
    await this.source.return?.();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected mapWhenRead(taking: Promise<IteratorResult<unknown>>): Promise<IteratorResult<ExecutionResult, undefined>> {
    return taking.then(
      (taken) => this.mapItem(taken),
      (error: unknown) => this.fail(error),
    );
  }

  protected mapItem(taken: IteratorResult<unknown>): NextResult<ExecutionResult> {
    if (taken.done) return END;
    try {
      const result = this.#mapper.toResult(taken.value);
      return result instanceof Promise
        ? result.then(toIteratorResult, (error: unknown) => this.fail(error))
        : toIteratorResult(result);
    } catch (error) {
      return this.fail(error);
    }
  }

  protected fail(error: unknown): IteratorResult<ExecutionResult, undefined> {
    this.ended = true;
    return { done: false, value: this.#mapper.toFailure(error) };
  }
}

const toIteratorResult = (value: ExecutionResult): IteratorResult<ExecutionResult, undefined> => ({
  done: false,
  value,
});

class SyncResultStream extends ResultStream<SyncAsyncIterator<unknown>> implements SyncAsyncIterator<ExecutionResult> {
  tryNext(): NextResult<ExecutionResult> | undefined {
    if (this.ended) return END;
    try {
      const taken = this.source.tryNext();
      if (taken === undefined) return undefined;
      return taken instanceof Promise ? this.mapWhenRead(taken) : this.mapItem(taken);
    } catch (error) {
      return this.fail(error);
    }
  }

  notifyWhenReady(reader: ReadyListener): void {
    this.source.notifyWhenReady(reader);
  }
}

/** Passes `source` on until the signal fires. Then the stream emits one last result and ends. */
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
    // Not awaited, since a source that waits for AWS must not delay the end of the stream.
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

/** Calls `onEnd` once, when `source` ends, fails or is returned. A `SyncAsyncIterator` remains one. */
export function onIteratorEnd<T>(source: AsyncIterator<T>, onEnd: () => void): AsyncIterableIterator<T> {
  return isSyncAsyncIterator(source) ? new SyncEndNotifier(source, onEnd) : new EndNotifier(source, onEnd);
}

class EndNotifier<T, S extends AsyncIterator<T, undefined>> implements AsyncIterableIterator<T, undefined> {
  protected readonly source: S;
  #onEnd: (() => void) | undefined;

  constructor(source: S, onEnd: () => void) {
    this.source = source;
    this.#onEnd = onEnd;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.passWhenRead(this.source.next());
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected passWhenRead(taking: Promise<IteratorResult<T, undefined>>): Promise<IteratorResult<T, undefined>> {
    return taking.then(
      (taken) => this.pass(taken),
      (error: unknown) => {
        this.end();
        throw error;
      },
    );
  }

  protected pass(taken: IteratorResult<T, undefined>): IteratorResult<T, undefined> {
    if (taken.done) this.end();
    return taken;
  }

  protected end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.();
  }
}

class SyncEndNotifier<T> extends EndNotifier<T, SyncAsyncIterator<T>> implements SyncAsyncIterator<T> {
  tryNext(): NextResult<T> | undefined {
    try {
      const taken = this.source.tryNext();
      return taken instanceof Promise ? this.passWhenRead(taken) : taken && this.pass(taken);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  notifyWhenReady(reader: ReadyListener): void {
    this.source.notifyWhenReady(reader);
  }
}
