import { createCallerStore } from './caller-store.ts';

/** What one operation has cost, as the gateway reports it in `extensions.upstream`. */
export interface OperationCost {
  readonly operation: string;
  readonly at: Date;
  /** Calls to AWS. */
  readonly calls: number;
  /** Reads that needed no call. */
  readonly cached: number;
  readonly waitedMs: number;
}

export interface Costs {
  /** The latest first, at most 20. */
  readonly operations: readonly OperationCost[];
  /** Calls since the page was opened. */
  readonly calls: number;
}

const MAX_OPERATIONS = 20;

export const costs = createCallerStore<Costs>({ operations: [], calls: 0 });

export function recordCost(
  operation: string,
  extensions: Readonly<Record<string, unknown>> | undefined,
  isBackground: boolean,
): void {
  const { calls, cached, coalesced, waitedMs } = (extensions?.['upstream'] ?? {}) as Record<string, unknown>;
  if (typeof calls !== 'number' || (isBackground && calls === 0)) return;
  const entry = {
    operation,
    at: new Date(),
    calls,
    cached: count(cached) + count(coalesced),
    waitedMs: count(waitedMs),
  };
  costs.update((known) => ({
    operations: isBackground ? known.operations : [entry, ...known.operations].slice(0, MAX_OPERATIONS),
    calls: known.calls + calls,
  }));
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
