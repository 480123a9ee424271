import { type ExecutionResult, GraphQLError } from 'graphql';
import { isStream, type ServerPlugin } from './plugin.ts';

/**
 * When the server leaves, new operations are refused, and every stream of events ends with an error that says how to go on: one that
 * just completed would look like one that has told everything. (WebSockets are closed with a code of their own, which says the same.)
 */
export function useGoingAway(leaving: AbortSignal): ServerPlugin {
  return {
    onParams() {
      if (!leaving.aborted) return;
      throw new GraphQLError('The gateway is going away. Send the operation again; another one will answer.', {
        extensions: { code: 'GOING_AWAY', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } },
      });
    },
    // Of subscriptions only: a query whose result comes in pieces is let finish, as every query is.
    onSubscribe({ args: { contextValue } }) {
      const { socket } = contextValue;
      socket?.subscribed();
      if (socket) return undefined;
      return {
        onSubscribeResult({ result, setResult }) {
          if (isStream(result)) setResult(endOn(leaving, result[Symbol.asyncIterator]()));
        },
      };
    },
  };
}

function farewell(): IteratorResult<ExecutionResult> {
  const message = 'The gateway is going away. Subscribe again, with `after` set to the last cursor.';
  return {
    done: false,
    value: { errors: [new GraphQLError(message, { extensions: { code: 'GOING_AWAY', retryable: true } })] },
  };
}

/** `source`, until the signal fires; then the farewell, and the end. */
function endOn(signal: AbortSignal, source: AsyncIterator<ExecutionResult>): AsyncIterableIterator<ExecutionResult> {
  let ended = false;
  const end = { done: true, value: undefined } as const;
  const said = () => {
    if (ended) return end;
    ended = true;
    // Not awaited: a source that waits for its upstream before it ends must not hold up the end of the server.
    source.return?.().catch(() => {});
    return farewell();
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
