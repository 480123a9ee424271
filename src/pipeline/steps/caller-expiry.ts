import { type ExecutionResult, GraphQLError } from 'graphql';
import { at } from '../at.ts';
import { endOn, whenEnded } from '../end-on.ts';
import type { Events, Step } from './step.ts';

/**
 * A subscription does not outlive what its caller showed: when the token or key expires, a stream of server-sent events ends with the error
 * TOKEN_EXPIRED, and a WebSocket is closed with the code `TokenExpired`.
 */
export const callerExpiry: Step = {
  begin({ caller, carrier, prepared }) {
    if (prepared?.type === 'subscription') carrier.socket?.expiresAt(caller.expiresAt);
    return undefined;
  },
  events({ caller, carrier }, events, results) {
    if (carrier.socket !== undefined || !Number.isFinite(caller.expiresAt)) return events;
    return endAt(caller.expiresAt, events, () => results.told(farewell()));
  },
};

function endAt(time: number, source: Events, last: () => ExecutionResult): Events {
  const expired = new AbortController();
  const callOff = at(time, () => expired.abort());
  return whenEnded(endOn(expired.signal, source, last), callOff);
}

function farewell(): ExecutionResult {
  const message =
    'The token that this subscription was begun with has expired. Get a new one, and subscribe again with `after` set to the last cursor.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'TOKEN_EXPIRED', retryable: true } })] };
}
