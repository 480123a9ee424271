import type { ExecutionResult } from 'graphql';
import type { IncrementalResult } from '../execution/results.ts';
import type { Answer, Operation } from '../operation.ts';

export type Events = AsyncIterableIterator<ExecutionResult>;

/** Makes what a step says among the results of an operation one of them. */
export interface Told {
  told(said: ExecutionResult): ExecutionResult;
}

/**
 * One behavior of the pipeline that every operation passes, whatever its transport. The parts of a step run in this order, and each part of all steps in the
 * order in which the pipeline lists them. A step that has nothing to do (as the configuration turns it off) is not in the list.
 */
export interface Step {
  /** Before the document is looked at. Throws, or rejects with, the refusal. */
  readonly admit?: (operation: Operation) => void | Promise<void>;
  /** When the document is understood and the variables are there, before anything is resolved. What it returns is the answer. Throws the refusal. */
  readonly begin?: (operation: Operation) => ExecutionResult | undefined;
  /** Around the resolvers: of a query or mutation, and of a subscription's source. */
  readonly around?: <T>(operation: Operation, run: () => T) => T;
  /** The results of a subscription, as they are sent. What a step says among them goes through `results.told` first. */
  readonly events?: (operation: Operation, events: Events, results: Told) => Events;
  /** Each result of an operation that got as far as `begin`: the one of a query, every event, every piece. */
  readonly each?: (operation: Operation, result: ExecutionResult) => ExecutionResult;
  /** Each result of an answer that comes in parts, after `each`: every event, every piece, and the last word of a stream. */
  readonly sent?: (operation: Operation, result: IncrementalResult) => void;
  /** When the operation is answered, or refused: with the whole result, or with the stream that is to come. */
  readonly answered?: (operation: Operation, answer: Answer) => Answer;
}
