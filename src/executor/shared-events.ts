import type { ExecutionResult } from 'graphql';
import type { PreparedOperation } from '../pipeline/documents/prepared-document.ts';
import type { Operation } from '../pipeline/operation.ts';
import { valuesOf } from './influences.ts';
import { isTooLarge } from './response-size.ts';
import type { TextResult } from './text-result.ts';
import { Turns } from './turns.ts';

type Result = TextResult | Promise<TextResult>;
/** What an event tells those who asked for the same, as the same principal. */
type Shared = Map<PreparedOperation, Map<string, Result>>;

/** Resolves when an operation that has paused may go on. */
export type NextTurn = (operation: Operation) => Promise<void>;

/** The way from what a source gives to the answer, for one operation. */
export interface Answers {
  of(given: unknown): ExecutionResult | Promise<ExecutionResult>;
}

/**
 * Runs a subscription's operation once per event, however many subscribed to the same: the watcher gives all of them the very same event, and what is
 * asked of it, by the same caller as the same principal, has the same answer. Its cost upstream is told to the first of them.
 */
export class SharedEvents {
  readonly #results = new WeakMap<object, Shared>();
  readonly #maxLength: number;
  readonly #nextTurn: NextTurn;
  /** Subscriptions that ask for the same mostly come together, and hold one text of it then. */
  #lastKey = '';

  /** `maxLength`: characters that `data` of an answer may have. */
  constructor(maxLength: number, nextTurn: NextTurn) {
    this.#maxLength = maxLength;
    this.#nextTurn = nextTurn;
  }

  of(prepared: PreparedOperation, operation: Operation, variables: Readonly<Record<string, unknown>>): Answers {
    const key = keyOf(prepared, operation);
    if (key !== this.#lastKey) this.#lastKey = key;
    return new SharedAnswers(
      this.#results,
      prepared,
      operation,
      variables,
      this.#lastKey,
      this.#maxLength,
      this.#nextTurn,
    );
  }
}

class SharedAnswers implements Answers {
  readonly #results: WeakMap<object, Shared>;
  readonly #prepared: PreparedOperation;
  readonly #operation: Operation;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #key: string;
  readonly #maxLength: number;
  readonly #nextTurn: NextTurn;

  constructor(
    results: WeakMap<object, Shared>,
    prepared: PreparedOperation,
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
    key: string,
    maxLength: number,
    nextTurn: NextTurn,
  ) {
    this.#maxLength = maxLength;
    this.#nextTurn = nextTurn;
    this.#results = results;
    this.#prepared = prepared;
    this.#operation = operation;
    this.#variables = variables;
    this.#key = key;
  }

  of(event: unknown): ExecutionResult | Promise<ExecutionResult> {
    // Not one of the watcher's: nothing says that others get the same.
    if (typeof event !== 'object' || event === null) return this.#run(event);
    const byKey = this.#sharedOf(event);
    const known = byKey.get(this.#key);
    if (known === undefined) return this.#runFirst(event, byKey);
    return known instanceof Promise ? known.then((result) => this.#take(event, result)) : this.#take(event, known);
  }

  #run(event: unknown): Result {
    const turns = new Turns(() => this.#nextTurn(this.#operation));
    this.#operation.turns = turns;
    return this.#prepared.compiled.run({
      rootValue: event,
      context: this.#operation,
      variables: this.#variables,
      maxLength: this.#maxLength,
      turns,
    });
  }

  #runFirst(event: object, byKey: Map<string, Result>): Result {
    const result = this.#run(event);
    byKey.set(this.#key, result);
    // The answer itself takes the promise's place, so that who comes later need not wait for a turn.
    if (result instanceof Promise) result.then((answer) => byKey.set(this.#key, answer));
    return result;
  }

  #take(event: object, result: TextResult): Result {
    // What went wrong may have gone wrong for the first of them alone, who may have left.
    if (result.errors !== undefined && !isTooLarge(result)) return this.#run(event);
    // What the last event of its own cost is not what this one costs: nothing.
    this.#operation.renewSession();
    return result;
  }

  #sharedOf(event: object): Map<string, Result> {
    let shared = this.#results.get(event);
    if (shared === undefined) {
      shared = new Map();
      this.#results.set(event, shared);
    }
    let byKey = shared.get(this.#prepared);
    if (byKey === undefined) {
      byKey = new Map();
      shared.set(this.#prepared, byKey);
    }
    return byKey;
  }
}

/** All that an answer depends on beside the event and the operation. Where the subscription began does not matter to what comes after. */
function keyOf({ beyondStart }: PreparedOperation, { variables, caller, principal }: Operation): string {
  const who = JSON.stringify([caller.name, [...caller.scopes].sort(), caller.principals, principal.name]);
  return who + valuesOf(variables, beyondStart);
}
