import type { ExecutionResult } from 'graphql';
import { whenEnded } from '../end-on.ts';
import { limitError } from '../limit-error.ts';
import type { Events, Step } from './step.ts';

/** When to try again is anybody's guess: when one of the caller's others ends. */
const RETRY_AFTER_MS = 5_000;

/** Lets one caller have so many subscriptions at a time, over all connections and transports. */
export function subscriptionLimit(maximum: number): Step {
  const open = new Map<string, number>();
  const full = (caller: string) => (open.get(caller) ?? 0) >= maximum;
  const refusal = (caller: string): ExecutionResult => ({
    errors: [
      limitError(
        'SUBSCRIPTION_LIMIT_EXCEEDED',
        `The caller "${caller}" has ${maximum} subscriptions already, and may have no more at a time (limits.subscriptionsPerCaller). End one first.`,
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
    begin({ prepared, caller: { name } }) {
      return prepared?.type === 'subscription' && full(name) ? refusal(name) : undefined;
    },
    events({ caller: { name } }, events, results) {
      // Others may have begun while this one was being prepared.
      if (full(name)) {
        events.return?.().catch(() => {});
        return only(results.told(refusal(name)));
      }
      open.set(name, (open.get(name) ?? 0) + 1);
      return whenEnded(events, () => end(name));
    },
  };
}

async function* only(result: ExecutionResult): Events {
  yield result;
}
