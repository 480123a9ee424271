import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type Reader, type ReadyIterator, type Taken } from '../watcher/index.ts';

/** `source`, until the signal fires; then one last result, and the end. */
export function endOn(
  signal: AbortSignal,
  source: AsyncIterator<ExecutionResult>,
  farewell: () => ExecutionResult,
): AsyncIterableIterator<ExecutionResult> {
  let ended = false;
  const end = { done: true, value: undefined } as const;
  const said = () => {
    if (ended) return end;
    ended = true;
    // Not awaited: a source that waits for its upstream before it ends must not hold up the end of the stream.
    source.return?.().catch(() => {});
    return { done: false, value: farewell() };
  };
  return {
    async next() {
      if (ended) return end;
      if (signal.aborted) return said();
      let stop = () => {};
      const aborted = new Promise<'aborted'>((resolve) => {
        stop = () => resolve('aborted');
        signal.addEventListener('abort', stop, { once: true });
      });
      try {
        const first = await Promise.race([source.next(), aborted]);
        return first === 'aborted' ? said() : first;
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

/** `source`, with a word when it has ended: by itself, by an error, or by who reads it. Who can read it without waiting still can. */
export function whenEnded<T>(source: AsyncIterator<T>, tell: () => void): AsyncIterableIterator<T> {
  return isReadyIterator(source) ? new ReadyUntilEnd(source, tell) : new UntilEnd(source, tell);
}

class UntilEnd<T, S extends AsyncIterator<T>> implements AsyncIterableIterator<T> {
  protected readonly source: S;
  #tell: (() => void) | undefined;

  constructor(source: S, tell: () => void) {
    this.source = source;
    this.#tell = tell;
  }

  next(): Promise<IteratorResult<T>> {
    return this.wait(this.source.next());
  }

  async return(): Promise<IteratorResult<T>> {
    this.end();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected wait<R extends IteratorResult<T>>(taking: Promise<R>): Promise<R> {
    return taking.then(
      (taken) => this.take(taken),
      (error: unknown) => {
        this.end();
        throw error;
      },
    );
  }

  protected take<R extends IteratorResult<T>>(taken: R): R {
    if (taken.done) this.end();
    return taken;
  }

  /** Tells it once. */
  protected end(): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.();
  }
}

class ReadyUntilEnd<T> extends UntilEnd<T, ReadyIterator<T>> implements ReadyIterator<T> {
  override next(): Promise<IteratorResult<T, undefined>> {
    return this.wait(this.source.next());
  }

  override async return(): Promise<IteratorResult<T, undefined>> {
    await super.return();
    return { done: true, value: undefined };
  }

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
