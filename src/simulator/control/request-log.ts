import type { OperationName } from '../model/operations.ts';

export interface RequestCount {
  readonly operation: OperationName | 'GetCallerIdentity' | 'AssumeRole';
  readonly accountId: string;
  /** Number of requests for this operation that were authenticated as this account, including failed ones. */
  readonly count: number;
  /** Number of failed requests per exception. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Counts requests per operation and account. */
export class RequestLog {
  readonly #counts = new Map<
    string,
    { operation: RequestCount['operation']; accountId: string; count: number; errors: Record<string, number> }
  >();

  /** Counts a request when it arrives. Returns the function that adds the exception with which it fails. */
  add(operation: RequestCount['operation'], accountId: string): (error: string) => void {
    const key = `${operation}/${accountId}`;
    const entry = this.#counts.get(key) ?? { operation, accountId, count: 0, errors: {} };
    this.#counts.set(key, entry);
    entry.count += 1;
    return (error) => {
      entry.errors[error] = (entry.errors[error] ?? 0) + 1;
    };
  }

  all(): readonly RequestCount[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry, errors: { ...entry.errors } }));
  }

  total(operation?: RequestCount['operation'], accountId?: string): number {
    let total = 0;
    for (const entry of this.#counts.values()) {
      if (operation !== undefined && entry.operation !== operation) continue;
      if (accountId === undefined || entry.accountId === accountId) total += entry.count;
    }
    return total;
  }

  reset(): void {
    this.#counts.clear();
  }
}
