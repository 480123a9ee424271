import { normalizedExecutor } from '@graphql-tools/executor';
import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { PreparedOperation } from '../documents/prepared-document.ts';
import { isStream, type Operation } from '../operation.ts';
import { type Answers, SharedEvents } from './shared-events.ts';
import type { TextResult } from './text-result.ts';

type Coerced = Readonly<Record<string, unknown>>;

/** What comes in parts: where they come from, and how each becomes a result. */
export class Parts {
  readonly source: AsyncIterator<unknown>;
  readonly answers: Answers;

  constructor(source: AsyncIterator<unknown>, answers: Answers) {
    this.source = source;
    this.answers = answers;
  }
}

/** Pieces are results already. */
const AS_THEY_ARE: Answers = { of: (piece) => piece as ExecutionResult };

export type Executed = ExecutionResult | TextResult | Parts;

/** Runs operations that may run. What is compiled answers at once where nothing has to be waited for. */
export class Executor {
  readonly #shared = new SharedEvents();

  execute(prepared: PreparedOperation, operation: Operation, variables: Coerced): Executed | Promise<Executed> {
    if (prepared.incremental) return executeInPieces(prepared, operation);
    if (prepared.type === 'subscription') return this.#subscribe(prepared, operation, variables);
    return prepared.compiled.run({ rootValue: undefined, context: operation, variables });
  }

  async #subscribe(prepared: PreparedOperation, operation: Operation, variables: Coerced): Promise<Executed> {
    // Made before the source is opened, so that nothing can fail between its opening and its reader.
    const answers = this.#shared.of(prepared, operation, variables);
    const events = await createSourceEventStream(argsOf(prepared, operation));
    return isStream(events) ? new Parts(events[Symbol.asyncIterator](), answers) : (events as ExecutionResult);
  }
}

/** `@defer` and `@stream` are for the executor of graphql-tools: graphql-js 16 does not know them. */
async function executeInPieces(prepared: PreparedOperation, operation: Operation): Promise<Executed> {
  operation.streams = prepared.streams;
  const answer = await normalizedExecutor(argsOf(prepared, operation));
  if (!isStream(answer)) return answer as ExecutionResult;
  return new Parts(answer[Symbol.asyncIterator](), AS_THEY_ARE);
}

const argsOf = ({ schema, document, name }: PreparedOperation, operation: Operation) => ({
  schema,
  document,
  operationName: name,
  variableValues: { ...operation.variables },
  contextValue: operation,
});
