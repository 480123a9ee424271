import { type FailedCall, isRead } from './errors.ts';
import type { OperationName } from './types.ts';

/** Repeats of one call for its own sake; a throttle is not the call's fault, and its bucket slows down, so it gets more. */
const mostRepeats = 3;
const mostThrottles = 10;
/** Full jitter: a random part of `baseMs`, doubled with every repeat, up to `longestMs`. */
const baseMs = 100;
const longestMs = 2_000;

/** Failures after which AWS has certainly not carried the call out. */
const harmless: ReadonlySet<FailedCall['kind']> = new Set(['throttled', 'busy', 'skewed', 'expired', 'unsent']);
/** Failures after which a read may be asked for again; a write may not, as AWS may have carried it out. */
const repeatable: ReadonlySet<FailedCall['kind']> = new Set(['broken', 'server', 'proxy', 'cut', 'garbled', 'timeout']);

/** What one call has been through. */
export interface Attempts {
  throttles: number;
  repeats: number;
  /** How often the credentials were renewed for it. */
  renewals: number;
}

/**
 * How long to wait before the call is made again, in ms; undefined when it must not be.
 * After a throttle that is 0: the bucket itself makes the call wait.
 */
export function repeatAfterMs(
  operation: OperationName,
  { kind, error }: FailedCall,
  attempts: Attempts,
  random: () => number,
): number | undefined {
  if (!error.retryable) return undefined;
  if (!harmless.has(kind) && !(isRead(operation) && repeatable.has(kind))) return undefined;
  if (kind === 'throttled') {
    attempts.throttles += 1;
    return attempts.throttles <= mostThrottles ? 0 : undefined;
  }
  attempts.repeats += 1;
  if (attempts.repeats > mostRepeats) return undefined;
  return random() * Math.min(longestMs, baseMs * 2 ** attempts.repeats);
}

/** Whether AWS may have carried out a write that failed so. */
export function mayHaveHappened(kind: FailedCall['kind']): boolean {
  return !harmless.has(kind);
}
