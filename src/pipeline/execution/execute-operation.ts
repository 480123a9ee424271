import type { ExecutionResult } from 'graphql';
import { type PreparedOperation, Turns } from '../../executor/index.ts';
import { isStream, type Operation } from '../operation.ts';
import { type Executed, ResultParts } from './result-stream.ts';
import { type NextTurn, SharedEvents } from './shared-events.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Runs operations that every step has admitted: at once where nothing has to be waited for. */
export class OperationExecutor {
  readonly #nextTurn: NextTurn;
  readonly #shared: SharedEvents;

  constructor(nextTurn: NextTurn) {
    this.#nextTurn = nextTurn;
    this.#shared = new SharedEvents(nextTurn);
  }

  /** `variables`: coerced. */
  execute(prepared: PreparedOperation, operation: Operation, variables: Variables): Executed | Promise<Executed> {
    if (isIncremental(prepared)) return executeIncrementally(prepared, operation, variables);
    if (prepared.type === 'subscription') return this.#subscribe(prepared, operation, variables);
    const turns = new Turns(() => this.#nextTurn(operation));
    operation.turns = turns;
    return prepared.run({ rootValue: undefined, context: operation, variables, turns });
  }

  async #subscribe(prepared: PreparedOperation, operation: Operation, variables: Variables): Promise<Executed> {
    // Made before the source is opened, so that nothing can fail between its opening and its reader.
    const results = this.#shared.of(prepared, operation, variables);
    const events = await prepared.subscribe(operation, operation.variables);
    return isStream(events) ? new ResultParts(events[Symbol.asyncIterator](), results) : (events as ExecutionResult);
  }
}

/** Whether an operation has `@defer` or `@stream`, which the executor does not run. */
export function isIncremental({ directives }: PreparedOperation): boolean {
  return directives.has('defer') || directives.has('stream');
}

/** Loaded for operations that need it. Rejects when it cannot be. */
const executeIncrementally: typeof import('./execute-incrementally.ts').executeIncrementally = async (...args) =>
  (await import('./execute-incrementally.ts')).executeIncrementally(...args);
