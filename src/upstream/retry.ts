import { type FailedCall, isRead } from './errors.ts';
import type { OperationName } from './types.ts';

// The SDK's retries (StandardRetryStrategy) repeat writes that AWS may have carried out, and wait outside the rate
// budget.

/** Calls are repeated this often after other failures than throttles. */
const MAX_REPEATS = 3;
const MAX_THROTTLES = 10;
/** Full jitter: a random part of `BASE_MS`, doubled with every repeat, up to `MAX_DELAY_MS`. */
const BASE_MS = 100;
const MAX_DELAY_MS = 2_000;

/** AWS has certainly not carried out a call that failed so. */
const harmless: ReadonlySet<FailedCall['kind']> = new Set(['throttled', 'busy', 'skewed', 'expired', 'unsent']);
/** After these a read may be repeated, but no write, as AWS may have carried it out. */
const repeatable: ReadonlySet<FailedCall['kind']> = new Set(['broken', 'server', 'proxy', 'cut', 'garbled', 'timeout']);

/** The failed attempts of one call. */
export interface Attempts {
  throttles: number;
  repeats: number;
  /** Of the credentials. */
  renewals: number;
}

/**
 * The delay before the call is repeated, in ms; undefined when it must not be. After a throttle that is 0, as the call
 * waits for the rate budget.
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
    return attempts.throttles <= MAX_THROTTLES ? 0 : undefined;
  }
  attempts.repeats += 1;
  if (attempts.repeats > MAX_REPEATS) return undefined;
  return random() * Math.min(MAX_DELAY_MS, BASE_MS * 2 ** attempts.repeats);
}

/**
 * Whether a write that failed so shows that earlier reads may be out of date: AWS may also refuse it because they are.
 */
export const showsChange = (kind: FailedCall['kind']): boolean => !harmless.has(kind);

/** Whether AWS may have carried out a write that failed so. */
export const mayHaveHappened = (kind: FailedCall['kind']): boolean =>
  showsChange(kind) && kind !== 'refused' && kind !== 'credentials';
