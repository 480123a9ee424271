import type { ExecutionResult } from 'graphql';
import type { IncrementalResult } from '../execution/results.ts';
import type { ExecutionOutcome, Operation } from '../operation.ts';

export type Events = AsyncIterableIterator<ExecutionResult>;

export interface ResultEmitter {
  /** Inserts a step's own result among the operation's results. */
  emit(result: ExecutionResult): ExecutionResult;
}

/**
 * Hooks for one behavior that every operation gets, whatever its transport. They are called in this order, and each
 * hook of all steps in the order in which the pipeline lists them. A step that the configuration turns off is not in
 * the list.
 */
export interface Step {
  /** Before the document is read. Throws, or rejects with, the rejection. */
  readonly onRequest?: (operation: Operation) => void | Promise<void>;
  /**
   * Before execution, with the prepared document and the variables. Throws the rejection, or returns a result instead
   * of executing.
   */
  readonly onExecute?: (operation: Operation) => ExecutionResult | undefined;
  /** Around the resolvers of a query or mutation, and those of a subscription's source. */
  readonly wrapExecution?: <T>(operation: Operation, run: () => T) => T;
  /** Around the results of a subscription. A step adds its own ones with `results.emit`. */
  readonly wrapSubscription?: (operation: Operation, events: Events, results: ResultEmitter) => Events;
  /** Each result of an operation that was not rejected before `onExecute`: of a query, each event, each part. */
  readonly onResult?: (operation: Operation, result: ExecutionResult) => ExecutionResult;
  /** Each result of an outcome in parts, after `onResult`: each event, each part, and the last result of a stream. */
  readonly onResultSent?: (operation: Operation, result: IncrementalResult) => void;
  /** When the operation is executed or rejected, with the whole result or the stream of results. */
  readonly onResponse?: (operation: Operation, outcome: ExecutionOutcome) => ExecutionOutcome;
}
