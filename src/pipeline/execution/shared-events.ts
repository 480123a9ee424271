import { type ASTNode, type ExecutionResult, Kind, visit } from 'graphql';
import { type PreparedOperation, type TextResult, Turns } from '../../executor/index.ts';
import type { Operation } from '../operation.ts';
import type { ResultMapper } from './result-stream.ts';
import { isTooLarge } from './results.ts';

type Variables = Readonly<Record<string, unknown>>;
type Result = TextResult | Promise<TextResult>;

/** Resolves when an operation that has paused may go on. */
export type NextTurn = (operation: Operation) => Promise<void>;

/**
 * Runs a subscription's operation once per event, however many clients subscribed to the same: the watcher gives all of
 * them the very same event, and the same operation has the same result for it, for the same caller and principal. Only
 * the first result reports the upstream cost.
 */
export class SharedEventResults {
  readonly #nextTurn: NextTurn;
  readonly #events = new WeakMap<object, Map<PreparedOperation, Map<string, Result>>>();
  readonly #variables = new WeakMap<PreparedOperation, readonly string[]>();
  /** Equal subscriptions mostly come together, and then hold one text of their key. */
  #lastKey = '';

  constructor(nextTurn: NextTurn) {
    this.#nextTurn = nextTurn;
  }

  /** `variables`: coerced. */
  mapperFor(prepared: PreparedOperation, operation: Operation, variables: Variables): ResultMapper {
    const key = this.#keyOf(prepared, operation);
    if (key !== this.#lastKey) this.#lastKey = key;
    return new SharedResultMapper(this, prepared, operation, variables, this.#lastKey);
  }

  /** The results of one operation for one event, by key. */
  resultsOf(event: object, prepared: PreparedOperation): Map<string, Result> {
    let byOperation = this.#events.get(event);
    if (byOperation === undefined) {
      byOperation = new Map();
      this.#events.set(event, byOperation);
    }
    let byKey = byOperation.get(prepared);
    if (byKey === undefined) {
      byKey = new Map();
      byOperation.set(prepared, byKey);
    }
    return byKey;
  }

  run(event: unknown, prepared: PreparedOperation, operation: Operation, variables: Variables): Result {
    const turns = new Turns(() => this.#nextTurn(operation));
    operation.turns = turns;
    return prepared.run({ rootValue: event, context: operation, variables, turns });
  }

  /** All that a result depends on, except the event and the operation. */
  #keyOf(prepared: PreparedOperation, { variables, caller, principal, freshness }: Operation): string {
    let names = this.#variables.get(prepared);
    if (names === undefined) {
      names = eventVariables(prepared);
      this.#variables.set(prepared, names);
    }
    // An absent variable may have a default, and differs from null.
    const values = names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : []));
    const scopes = [...caller.scopes].sort();
    return JSON.stringify([caller.name, scopes, caller.principals, principal.name, values, freshness]);
  }
}

class SharedResultMapper implements ResultMapper {
  readonly #shared: SharedEventResults;
  readonly #prepared: PreparedOperation;
  readonly #operation: Operation;
  readonly #variables: Variables;
  readonly #key: string;

  constructor(
    shared: SharedEventResults,
    prepared: PreparedOperation,
    operation: Operation,
    variables: Variables,
    key: string,
  ) {
    this.#shared = shared;
    this.#prepared = prepared;
    this.#operation = operation;
    this.#variables = variables;
    this.#key = key;
  }

  toResult(event: unknown): ExecutionResult | Promise<ExecutionResult> {
    // Only the watcher's events are known to be the same for other subscribers.
    if (typeof event !== 'object' || event === null) return this.#run(event);
    const byKey = this.#shared.resultsOf(event, this.#prepared);
    const known = byKey.get(this.#key);
    if (known === undefined) return this.#runFirst(event, byKey);
    return known instanceof Promise ? known.then((result) => this.#take(event, result)) : this.#take(event, known);
  }

  #run(event: unknown): Result {
    return this.#shared.run(event, this.#prepared, this.#operation, this.#variables);
  }

  #runFirst(event: object, byKey: Map<string, Result>): Result {
    const result = this.#run(event);
    byKey.set(this.#key, result);
    // The result itself replaces the promise, so that later subscribers do not wait for a turn.
    if (result instanceof Promise) result.then((settled) => byKey.set(this.#key, settled));
    return result;
  }

  #take(event: object, result: TextResult): Result {
    // An error may concern only the first subscriber, who may have left.
    if (result.errors !== undefined && !isTooLarge(result)) return this.#run(event);
    // The operation still has the cost of its own last event; this one costs nothing.
    this.#operation.renewSession();
    return result;
  }
}

/** Names of the variables that are used, except as the cursor where the subscription begins. */
function eventVariables({ document, definition }: PreparedOperation): readonly string[] {
  const { variableDefinitions = [], selectionSet } = definition;
  const cursors = new Set<ASTNode>();
  for (const field of selectionSet.selections)
    for (const each of field.kind === Kind.FIELD ? (field.arguments ?? []) : [])
      if (each.name.value === 'after') cursors.add(each);
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Argument: (argument) => (cursors.has(argument) ? false : undefined),
    Variable({ name }) {
      used.add(name.value);
    },
  });
  return variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => used.has(name));
}
