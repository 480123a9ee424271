import { normalizedExecutor } from '@graphql-tools/executor';
import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { PreparedOperation } from '../documents/prepared-document.ts';
import { type Answer, isStream, type Operation } from '../operation.ts';
import { mapEvents } from './map-events.ts';
import { SharedEvents } from './shared-events.ts';

type Coerced = Readonly<Record<string, unknown>>;

/** Runs operations that may run. What is compiled answers at once where nothing has to be waited for. */
export class Executor {
  readonly #shared = new SharedEvents();

  execute(prepared: PreparedOperation, operation: Operation, variables: Coerced): Answer | Promise<Answer> {
    if (prepared.incremental) return executeInPieces(prepared, operation);
    if (prepared.type === 'subscription') return this.#subscribe(prepared, operation, variables);
    return prepared.compiled.run({ rootValue: undefined, context: operation, variables });
  }

  async #subscribe(prepared: PreparedOperation, operation: Operation, variables: Coerced): Promise<Answer> {
    const source = await createSourceEventStream(argsOf(prepared, operation));
    if (!isStream(source)) return source as ExecutionResult;
    const share = this.#shared.of(prepared, operation, variables);
    return mapEvents(source[Symbol.asyncIterator](), (event) => share(event));
  }
}

/** `@defer` and `@stream` are Yoga's executor's: graphql-js 16 does not know them. */
async function executeInPieces(prepared: PreparedOperation, operation: Operation): Promise<Answer> {
  operation.streams = prepared.streams;
  const answer = await normalizedExecutor(argsOf(prepared, operation));
  return isStream(answer)
    ? mapEvents(answer[Symbol.asyncIterator](), (piece) => piece as ExecutionResult)
    : (answer as ExecutionResult);
}

const argsOf = ({ schema, document, name }: PreparedOperation, operation: Operation) => ({
  schema,
  document,
  operationName: name,
  variableValues: { ...operation.variables },
  contextValue: operation,
});
