import type { Principal } from '../principal/principal.ts';
import type { OperationName } from './types.ts';

/** A call that has ended. */
export interface CallEvent {
  readonly principal: Principal;
  readonly operation: OperationName;
  /** `ok`, or the code of the `UpstreamError`. */
  readonly outcome: string;
  /** Time from the request to the reply, in ms. */
  readonly durationMs: number;
  /** Time in the rate budget's queue before it, in ms. */
  readonly waitedMs: number;
  readonly requestId: string | undefined;
}

/** The cost of an operation since the start, for all principals. */
export interface OperationStats {
  /** Calls by outcome: `ok`, or the code of the `UpstreamError`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Reads answered without a call. */
  readonly cached: number;
  /** Reads that joined a call in flight. */
  readonly coalesced: number;
  /** In ms, summed over calls. */
  readonly durationMs: number;
  readonly waitedMs: number;
}

interface Counters {
  calls: Record<string, number>;
  cached: number;
  coalesced: number;
  durationMs: number;
  waitedMs: number;
}

export class Stats {
  readonly #operations = new Map<OperationName, Counters>();
  readonly #listeners = new Set<(event: CallEvent) => void>();

  snapshot(): ReadonlyMap<OperationName, OperationStats> {
    return new Map([...this.#operations].map(([name, stats]) => [name, { ...stats, calls: { ...stats.calls } }]));
  }

  onCall(listener: (event: CallEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  count(operation: OperationName, outcome: 'cached' | 'coalesced'): void {
    this.#of(operation)[outcome] += 1;
  }

  addCall(event: CallEvent): void {
    const stats = this.#of(event.operation);
    stats.calls[event.outcome] = (stats.calls[event.outcome] ?? 0) + 1;
    stats.durationMs += event.durationMs;
    stats.waitedMs += event.waitedMs;
    notify(this.#listeners, event);
  }

  #of(operation: OperationName): Counters {
    let stats = this.#operations.get(operation);
    if (stats === undefined) {
      stats = { calls: {}, cached: 0, coalesced: 0, durationMs: 0, waitedMs: 0 };
      this.#operations.set(operation, stats);
    }
    return stats;
  }
}

/** Calls every listener. An error of a listener becomes a warning, as the call that it is about has not failed. */
export function notify<T>(listeners: Iterable<(event: T) => void>, event: T): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
