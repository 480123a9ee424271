import { type ExecutionResult, GraphQLError } from 'graphql';
import { at } from '../at.ts';
import { endOn, whenEnded } from '../end-on.ts';
import { isStream, type ServerPlugin } from './plugin.ts';

/**
 * A subscription does not outlive what its caller showed: when the token or key expires, a stream of server-sent events ends with the error
 * TOKEN_EXPIRED, and a WebSocket is closed with the code `TokenExpired`.
 */
export function useCallerExpiry(): ServerPlugin {
  return {
    onSubscribe({ args: { contextValue } }) {
      const { caller, socket } = contextValue;
      if (caller === undefined || !Number.isFinite(caller.expiresAt)) return undefined;
      if (socket !== undefined) return void socket.expiresAt(caller.expiresAt);
      return {
        onSubscribeResult({ result, setResult }) {
          if (isStream(result)) setResult(endAt(caller.expiresAt, result[Symbol.asyncIterator]()));
        },
      };
    },
  };
}

function endAt(time: number, source: AsyncIterator<ExecutionResult>): AsyncIterableIterator<ExecutionResult> {
  const expired = new AbortController();
  const callOff = at(time, () => expired.abort());
  return whenEnded(endOn(expired.signal, source, farewell), callOff);
}

function farewell(): ExecutionResult {
  const message =
    'The token that this subscription was begun with has expired. Get a new one, and subscribe again with `after` set to the last cursor.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'TOKEN_EXPIRED', retryable: true } })] };
}
