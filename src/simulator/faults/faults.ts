import type { ErrorName } from '../model/errors.ts';
import type { OperationName } from '../model/operations.ts';

/**
 * How long a reply takes, in ms: always the same, evenly between two, or spread as replies of real services are, most
 * near the median and one in a hundred beyond p99.
 */
export type Latency =
  | number
  | { readonly min: number; readonly max: number }
  | { readonly median: number; readonly p99: number };

/** What goes wrong instead of, or after, the call. */
export type Failure =
  /** An exception of AWS Organizations; the call does nothing. */
  | { readonly kind: 'error'; readonly error: ErrorName; readonly reason?: string; readonly message?: string }
  /** An HTTP status with a body that is not the service's, as from a load balancer; the call does nothing. */
  | { readonly kind: 'status'; readonly status: number }
  /** The connection is reset, before the call does anything or after it did all. */
  | { readonly kind: 'reset'; readonly when?: 'before' | 'after' }
  /** The call is done, but its reply breaks off in the middle. */
  | { readonly kind: 'truncate' }
  /** No reply ever comes; the call does nothing. */
  | { readonly kind: 'hang' };

/** When a failure happens. Without an operation or account: to all of them. */
export interface FailureRule {
  readonly failure: Failure;
  readonly operation?: OperationName;
  readonly accountId?: string;
  /** Of each call, 0 to 1. 1 when absent. */
  readonly probability?: number;
  /** To the next so many calls, then no more. Without end when absent. */
  readonly times?: number;
}

export interface Faults {
  readonly latency: Latency;
  readonly latencyByOperation: Readonly<Partial<Record<OperationName, Latency>>>;
  /** Whether AWS's documented rates are enforced: TooManyRequestsException beyond. */
  readonly throttle: boolean;
  /** The share of list calls, 0 to 1, that answer an empty page with a token. The call with that token is not one. */
  readonly emptyPages: number;
  readonly failures: readonly FailureRule[];
}

export const noFaults: Faults = {
  latency: 0,
  latencyByOperation: {},
  throttle: false,
  emptyPages: 0,
  failures: [],
};

/** The standard normal distribution's 99th percentile. */
const Z99 = 2.326;

/** @returns milliseconds */
export function sampleLatency(latency: Latency, random: () => number): number {
  if (typeof latency === 'number') return latency;
  if ('min' in latency) return latency.min + (latency.max - latency.min) * random();
  const { median, p99 } = latency;
  if (median <= 0 || p99 <= median) return Math.max(median, 0);
  // Log-normal: its logarithm is normal around the median's.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp((normal * Math.log(p99 / median)) / Z99);
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
