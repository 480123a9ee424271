import type { ExecutionResult } from 'graphql';
import { limitError } from '../errors.ts';
import { onIteratorEnd } from '../iterator-end.ts';
import { type Operation, subject } from '../operation.ts';
import type { Events, Step } from './step.ts';

/** A guess: it depends on when another subscription of the caller ends. */
const RETRY_AFTER_MS = 5_000;

/** Lets one caller have so many subscriptions at a time, over all connections and transports. */
export function subscriptionLimit(maximum: number): Step {
  const open = new Map<string, number>();
  const full = (caller: string) => (open.get(caller) ?? 0) >= maximum;
  const refusal = (operation: Operation): ExecutionResult => ({
    errors: [
      limitError(
        'SUBSCRIPTION_LIMIT_EXCEEDED',
        `${subject(operation)} has ${maximum} subscriptions already, and may have no more at a time (limits.subscriptionsPerCaller). End one first.`,
        { maximum, retryAfterMs: RETRY_AFTER_MS },
      ),
    ],
  });
  function end(caller: string): void {
    const left = (open.get(caller) ?? 0) - 1;
    if (left > 0) open.set(caller, left);
    else open.delete(caller);
  }

  return {
    onExecute(operation) {
      return operation.prepared?.type === 'subscription' && full(operation.limitKey) ? refusal(operation) : undefined;
    },
    wrapSubscription(operation, events, results) {
      const { limitKey } = operation;
      // Others may have begun while this one was being prepared.
      if (full(limitKey)) {
        events.return?.().catch(() => {});
        return only(results.emit(refusal(operation)));
      }
      open.set(limitKey, (open.get(limitKey) ?? 0) + 1);
      return onIteratorEnd(events, () => end(limitKey));
    },
  };
}

async function* only(result: ExecutionResult): Events {
  yield result;
}
