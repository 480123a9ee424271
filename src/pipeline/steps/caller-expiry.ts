import { type ExecutionResult, GraphQLError } from 'graphql';

import { endOnAbort, onIteratorEnd } from '../execution/result-stream.ts';
import type { Events, Step } from './step.ts';

/**
 * Ends subscriptions when the caller's token or key expires: an SSE stream with the error TOKEN_EXPIRED, a WebSocket
 * with the close code `TokenExpired`.
 */
export const callerExpiry: Step = {
  onExecute({ caller, request, prepared }) {
    if (prepared?.type === 'subscription') request.socket?.expiresAt(caller.expiresAt);
    return undefined;
  },
  wrapSubscription({ caller, request }, events, results) {
    if (request.socket !== undefined || !Number.isFinite(caller.expiresAt)) return events;
    return endAt(caller.expiresAt, events, () => results.emit(finalResult()));
  },
};

function endAt(time: number, source: Events, last: () => ExecutionResult): Events {
  const expired = new AbortController();
  const callOff = setTimerAt(time, () => expired.abort());
  return onIteratorEnd(endOnAbort(expired.signal, source, last), callOff);
}

function finalResult(): ExecutionResult {
  const message =
    'The token that this subscription was begun with has expired. Get a new one, and subscribe again with `after` set to the last cursor.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'TOKEN_EXPIRED', retryable: true } })] };
}

/** Maximum interval between checks of the wall clock, in ms, as Node's timers do not notice steps of it. */
const MAX_WAIT_MS = 30_000;

/**
 * Calls back at a date, in ms since the epoch (Infinity = never), at most 30 s late if the wall clock is stepped. Does
 * not keep the process alive. Returns a function that cancels it.
 */
export function setTimerAt(date: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (leftMs: number) => {
    timer = setTimeout(look, Math.min(Math.max(0, leftMs), MAX_WAIT_MS)).unref();
  };
  const look = () => {
    const leftMs = date - Date.now();
    if (leftMs <= 0) callback();
    else wait(leftMs);
  };
  if (Number.isFinite(date)) wait(date - Date.now());
  return () => clearTimeout(timer);
}
