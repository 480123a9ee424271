import { type ExecutionResult, GraphQLError } from 'graphql';
import { endOnAbort } from '../execution/result-stream.ts';
import type { Step } from './step.ts';

/**
 * During shutdown new operations are rejected, and every stream of events ends with an error that says how to go on: one that
 * just completed would look like one without further events. (WebSockets are closed with a code of their own, which says the same.)
 */
export function shutdown(signal: AbortSignal): Step {
  return {
    onRequest() {
      if (!signal.aborted) return;
      throw new GraphQLError('The gateway is going away. Send the operation again; another one will answer.', {
        extensions: { code: 'GOING_AWAY', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } },
      });
    },
    onExecute({ request: { socket }, prepared }) {
      if (prepared?.type === 'subscription') socket?.subscribed();
      return undefined;
    },
    // Of subscriptions only: a query whose result comes in pieces is let finish, as every query is.
    wrapSubscription: ({ request }, events, results) =>
      request.socket === undefined ? endOnAbort(signal, events, () => results.emit(finalResult())) : events,
  };
}

function finalResult(): ExecutionResult {
  const message = 'The gateway is going away. Subscribe again, with `after` set to the last cursor.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'GOING_AWAY', retryable: true } })] };
}
