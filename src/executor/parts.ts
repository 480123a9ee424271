import type { ExecutionResult } from 'graphql';
import type { Answers } from './shared-events.ts';
import type { TextResult } from './text-result.ts';

/** What comes in parts: where they come from, and how each becomes a result. */
export class Parts {
  readonly source: AsyncIterator<unknown>;
  readonly answers: Answers;

  constructor(source: AsyncIterator<unknown>, answers: Answers) {
    this.source = source;
    this.answers = answers;
  }
}

export type Executed = ExecutionResult | TextResult | Parts;
