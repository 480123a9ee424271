import type { OperationName } from '../../src/upstream/index.ts';
import { operations } from '../../src/upstream/operations.ts';

/** Calls to one operation. Pages of a list are read in sequence, other calls in parallel. */
export interface Calls {
  readonly operation: OperationName;
  readonly count: number;
  readonly sequential?: boolean;
}

export interface Minimum {
  readonly calls: number;
  readonly seconds: number;
}

const pageSize = 20;

/** Number of pages of a list, at least one. */
export const pages = (items: number): number => Math.max(1, Math.ceil(items / pageSize));

/**
 * Returns the minimum number of calls and the minimum time. Each phase starts after the first result of the phase
 * before; the calls of a phase run in parallel, limited by their buckets.
 */
export function minimum(phases: readonly (readonly Calls[])[], latencyMs: number): Minimum {
  const calls = phases.flat().reduce((sum, { count }) => sum + count, 0);
  const latency = latencyMs / 1000;
  let begin = 0;
  let end = 0;
  for (const phase of phases) {
    end = Math.max(end, begin + latency, ...phase.map((one) => begin + secondsOf(one, latency)));
    begin += latency;
  }
  return { calls, seconds: end };
}

function secondsOf({ operation, count, sequential = false }: Calls, latency: number): number {
  const { rate, burst } = operations[operation].limit;
  return Math.max(Math.max(0, count - burst) / rate + latency, sequential ? count * latency : 0);
}
