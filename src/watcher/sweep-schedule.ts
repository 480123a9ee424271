import type { OperationName, WallMs } from '../upstream/index.ts';
import type { SweepCost } from './sweep-progress.ts';

/** A list is refreshed this much earlier than its age requires, as a share of the age. */
const reserve = 0.05;

export interface RefreshFacts {
  /** The start of the oldest read. */
  readonly asOf: WallMs;
  readonly maxAgeMs: number;
  readonly last: SweepCost | undefined;
}

/**
 * When the next sweep must start, so that no part is older than the maximum age at its end. Parts are read in the same
 * order again, so that each is as old as the pause between the starts of two sweeps, and the time that it takes itself.
 */
export const nextSweepOn = ({ asOf, maxAgeMs, last }: RefreshFacts): WallMs =>
  (asOf + Math.max(maxAgeMs / 10, maxAgeMs * (1 - reserve) - (last?.partMs ?? 0) * 1.1)) as WallMs;

/** AWS's latency varies, so that a slow part counts for longer than one sweep: by this factor less after each. */
const slownessDecay = 0.95;

/** The cost by which the sweep after this one is scheduled. `before`: that of the sweeps before. */
export const lastingCost = (cost: SweepCost, before: SweepCost | undefined): SweepCost => ({
  ...cost,
  partMs: Math.max(cost.partMs, (before?.partMs ?? 0) * slownessDecay),
});

/** The operation that is too slow for the maximum age, and the share of its rate that would meet it. */
export interface Shortfall {
  readonly operation: OperationName;
  /** Rounded up to 0.01. Above 1: not even the whole rate does. */
  readonly neededShare: number;
}

/**
 * Returns the operation that needs the largest share, if that is more than the present one. `intervalMs`: the time of
 * one call.
 */
export const shortfallOf = (
  calls: ReadonlyMap<OperationName, number>,
  { maxAgeMs, share, partMs }: { readonly maxAgeMs: number; readonly share: number; readonly partMs: number },
  intervalMs: (operation: OperationName) => number,
): Shortfall | undefined => {
  let worst: Shortfall | undefined;
  for (const [operation, count] of calls) {
    // The oldest part is read again at the end of a sweep.
    const neededMs = count * intervalMs(operation) + Math.min(partMs, count * intervalMs(operation));
    const neededShare = Math.ceil(((neededMs * share) / maxAgeMs) * 100) / 100;
    if (neededMs > maxAgeMs && neededShare > (worst?.neededShare ?? share)) worst = { operation, neededShare };
  }
  return worst;
};
