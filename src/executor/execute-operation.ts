import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { PreparedOperation } from '../pipeline/documents/prepared-document.ts';
import { isStream, type Operation } from '../pipeline/operation.ts';
import { argsOf } from './args-of.ts';
import { type Executed, Parts } from './parts.ts';
import { type NextTurn, SharedEvents } from './shared-events.ts';
import { Turns } from './turns.ts';

type Coerced = Readonly<Record<string, unknown>>;

/** Runs operations that may run. What is compiled answers at once where nothing has to be waited for. */
export class Executor {
  readonly #maxLength: number;
  readonly #nextTurn: NextTurn;
  readonly #shared: SharedEvents;

  /** `maxLength`: characters that `data` of an answer may have. */
  constructor(maxLength: number, nextTurn: NextTurn) {
    this.#maxLength = maxLength;
    this.#nextTurn = nextTurn;
    this.#shared = new SharedEvents(maxLength, nextTurn);
  }

  execute(prepared: PreparedOperation, operation: Operation, variables: Coerced): Executed | Promise<Executed> {
    if (prepared.incremental) return executeInPieces(prepared, operation, variables);
    if (prepared.type === 'subscription') return this.#subscribe(prepared, operation, variables);
    const turns = new Turns(() => this.#nextTurn(operation));
    operation.turns = turns;
    return prepared.compiled.run({
      rootValue: undefined,
      context: operation,
      variables,
      maxLength: this.#maxLength,
      turns,
    });
  }

  async #subscribe(prepared: PreparedOperation, operation: Operation, variables: Coerced): Promise<Executed> {
    // Made before the source is opened, so that nothing can fail between its opening and its reader.
    const answers = this.#shared.of(prepared, operation, variables);
    const events = await createSourceEventStream(argsOf(prepared, operation));
    return isStream(events) ? new Parts(events[Symbol.asyncIterator](), answers) : (events as ExecutionResult);
  }
}

/** Loaded for who asks for pieces. Rejects when it cannot be. */
const executeInPieces: typeof import('./execute-in-pieces.ts').executeInPieces = async (...args) =>
  (await import('./execute-in-pieces.ts')).executeInPieces(...args);
