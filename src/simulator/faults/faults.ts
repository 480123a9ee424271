import type { ErrorName } from '../model/errors.ts';
import type { OperationName } from '../model/operations.ts';

/**
 * Latency of a reply, in ms: constant, uniform between `min` and `max`, or log-normal with the given median and 99th
 * percentile.
 */
export type Latency =
  | number
  | { readonly min: number; readonly max: number }
  | { readonly median: number; readonly p99: number };

/** An injected failure. */
export type Failure =
  /** Returns an exception of AWS Organizations; the operation does not run. */
  | { readonly kind: 'error'; readonly error: ErrorName; readonly reason?: string; readonly message?: string }
  /** Returns an HTTP status with an HTML body, like a load balancer; the operation does not run. */
  | { readonly kind: 'status'; readonly status: number }
  /** Resets the connection before the operation runs (default) or after. */
  | { readonly kind: 'reset'; readonly when?: 'before' | 'after' }
  /** Runs the operation and sends half of its reply. */
  | { readonly kind: 'truncate' }
  /** Never replies; the operation does not run. */
  | { readonly kind: 'hang' };

/** A failure and the calls that it applies to. Without an operation or account it applies to all. */
export interface FailureRule {
  readonly failure: Failure;
  readonly operation?: OperationName;
  readonly accountId?: string;
  /** Probability of the failure per call, 0 to 1. Default: 1. */
  readonly probability?: number;
  /** Number of calls that fail. Default: no limit. */
  readonly times?: number;
}

export interface Faults {
  readonly latency: Latency;
  readonly latencyByOperation: Readonly<Partial<Record<OperationName, Latency>>>;
  /** Enforces AWS's documented rates; calls above them fail with TooManyRequestsException. */
  readonly throttle: boolean;
  /** Share of list calls, 0 to 1, that return an empty page with a NextToken. The next page is never empty. */
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
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp((normal * Math.log(p99 / median)) / Z99);
}

/** Returns a mulberry32 generator of numbers from 0 to 1. The same seed gives the same numbers. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
