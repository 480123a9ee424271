import type { ExecutionResult } from 'graphql';
import { isReadyIterator, type ReadyIterator } from '../watcher/index.ts';

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

/** `source`, with a word when it has ended: by itself, by an error, or by who reads it. */
export function whenEnded<T>(source: AsyncIterator<T>, tell: () => void): AsyncIterableIterator<T> {
  let ended = false;
  const end = () => {
    if (!ended) tell();
    ended = true;
  };
  const take = <R extends IteratorResult<T>>(result: R): R => {
    if (result.done) end();
    return result;
  };
  const fail = (error: unknown): never => {
    end();
    throw error;
  };
  const watched: AsyncIterableIterator<T> = {
    next: () => source.next().then(take, fail),
    async return() {
      end();
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  if (!isReadyIterator(source)) return watched;
  // Who can read it without waiting still can.
  const ready: Pick<ReadyIterator<T>, 'tryNext' | 'whenReady'> = {
    tryNext() {
      try {
        const taken = source.tryNext();
        return taken instanceof Promise ? taken.then(take, fail) : taken && take(taken);
      } catch (error) {
        return fail(error);
      }
    },
    whenReady: (reader) => source.whenReady(reader),
  };
  return Object.assign(watched, ready);
}
