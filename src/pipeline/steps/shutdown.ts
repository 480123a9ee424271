import { type ExecutionResult, GraphQLError } from 'graphql';
import { endOnAbort } from '../execution/result-stream.ts';
import type { Step } from './step.ts';

/**
 * During shutdown, rejects new operations and ends every SSE stream with an error, as a completed stream would look
 * final. WebSockets are closed with code 1001 instead.
 */
export function shutdown(signal: AbortSignal): Step {
  return {
    onRequest() {
      if (!signal.aborted) return;
      throw new GraphQLError('The gateway is shutting down. Send the operation again.', {
        extensions: { code: 'GOING_AWAY', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } },
      });
    },
    onExecute({ request: { socket }, prepared }) {
      if (prepared?.type === 'subscription') socket?.subscribed();
      return undefined;
    },
    // Only subscriptions are ended; incremental queries finish.
    wrapSubscription: ({ request }, events, results) =>
      request.socket === undefined ? endOnAbort(signal, events, () => results.emit(finalResult())) : events,
  };
}

function finalResult(): ExecutionResult {
  const message = 'The gateway is going away. Subscribe again, with `after` set to the last cursor.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'GOING_AWAY', retryable: true } })] };
}
