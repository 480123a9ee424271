import type { ExecutionResult } from 'graphql';
import { type PreparedOperation, Turns } from '../../executor/index.ts';
import { isStream, type Operation } from '../operation.ts';
import { type ExecutorOutcome, StreamedExecution } from './result-stream.ts';
import { type NextTurn, SharedEventResults } from './shared-events.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Executes admitted operations, synchronously if possible. */
export class OperationExecutor {
  readonly #nextTurn: NextTurn;
  readonly #shared: SharedEventResults;

  constructor(nextTurn: NextTurn) {
    this.#nextTurn = nextTurn;
    this.#shared = new SharedEventResults(nextTurn);
  }

  /** `variables`: coerced. */
  execute(
    prepared: PreparedOperation,
    operation: Operation,
    variables: Variables,
  ): ExecutorOutcome | Promise<ExecutorOutcome> {
    if (isIncremental(prepared)) return executeIncrementally(prepared, operation, variables);
    if (prepared.type === 'subscription') return this.#subscribe(prepared, operation, variables);
    const turns = new Turns(
      () => this.#nextTurn(operation),
      () => prepared.type === 'query' && operation.request.isGone,
    );
    operation.turns = turns;
    return prepared.run({ rootValue: undefined, context: operation, variables, turns });
  }

  async #subscribe(prepared: PreparedOperation, operation: Operation, variables: Variables): Promise<ExecutorOutcome> {
    // Created before the source is opened, so that nothing can fail between opening and reading it.
    const results = this.#shared.mapperFor(prepared, operation, variables);
    const events = await prepared.subscribe(operation, operation.variables);
    return isStream(events)
      ? new StreamedExecution(events[Symbol.asyncIterator](), results)
      : (events as ExecutionResult);
  }
}

/** Whether an operation has `@defer` or `@stream`, which the executor does not run. */
export function isIncremental({ directives }: PreparedOperation): boolean {
  return directives.has('defer') || directives.has('stream');
}

/** Loads the incremental executor on first use. */
const executeIncrementally: typeof import('./execute-incrementally.ts').executeIncrementally = async (...args) =>
  (await import('./execute-incrementally.ts')).executeIncrementally(...args);
