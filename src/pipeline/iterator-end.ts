import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../watcher/index.ts';
import { type ExecutionOutcome, isStream } from './operation.ts';

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
    // Not awaited: a source that waits for its upstream before it ends must not hold up the end of the stream.
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

/** Disposes of `held` when the answer is complete: of a stream, with its last result. */
export function disposeAtEnd(
  held: Disposable | undefined,
  answer: () => ExecutionOutcome | Promise<ExecutionOutcome>,
): ExecutionOutcome | Promise<ExecutionOutcome> {
  if (held === undefined) return answer();
  const release = () => held[Symbol.dispose]();
  const settle = (found: ExecutionOutcome): ExecutionOutcome => {
    if (isStream(found)) return onIteratorEnd(found, release);
    release();
    return found;
  };
  const fail = (error: unknown): never => {
    release();
    throw error;
  };
  try {
    const answering = answer();
    return answering instanceof Promise ? answering.then(settle, fail) : settle(answering);
  } catch (error) {
    return fail(error);
  }
}
