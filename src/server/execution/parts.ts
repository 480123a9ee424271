import type { ExecutionResult } from 'graphql';
import type { TextResult } from './text-result.ts';

/** What comes in parts: where they come from, and how each becomes a result. */
export class Parts {
  readonly source: AsyncIterator<unknown>;
  readonly result: (given: unknown) => ExecutionResult | Promise<ExecutionResult>;

  constructor(source: AsyncIterator<unknown>, result: Parts['result']) {
    this.source = source;
    this.result = result;
  }
}

export type Executed = ExecutionResult | TextResult | Parts;
