import type { ExecutionResult } from 'graphql';

/** Events, each made into its result. Ends its source when its reader leaves. */
export function mapEvents<T>(
  source: AsyncIterator<T>,
  map: (event: T) => ExecutionResult | Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const END = { done: true, value: undefined } as const;
  const mapped = (taken: IteratorResult<T>) => {
    if (taken.done) return END;
    const result = map(taken.value);
    return result instanceof Promise
      ? result.then((value) => ({ done: false, value }))
      : { done: false, value: result };
  };
  return {
    next: () => source.next().then(mapped),
    async return() {
      await source.return?.();
      return END;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
