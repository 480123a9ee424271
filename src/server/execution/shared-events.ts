import type { ExecutionResult } from 'graphql';
import { valuesOf } from '../documents/influences.ts';
import type { PreparedOperation } from '../documents/prepared-document.ts';
import type { Operation } from '../operation.ts';
import type { TextResult } from './text-result.ts';

type Result = TextResult | Promise<TextResult>;
/** What an event tells those who asked for the same, as the same principal. */
type Shared = Map<PreparedOperation, Map<string, Result>>;

/**
 * Runs a subscription's operation once per event, however many subscribed to the same: the watcher gives all of them the very same event, and what is
 * asked of it, by the same caller as the same principal, has the same answer. Its cost upstream is told to the first of them.
 */
export class SharedEvents {
  readonly #results = new WeakMap<object, Shared>();

  /** The way from an event to the answer, for one subscription. */
  of(
    prepared: PreparedOperation,
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
  ): (event: unknown) => ExecutionResult | Promise<ExecutionResult> {
    const key = keyOf(prepared, operation);
    const run = (event: unknown): Result => prepared.compiled.run({ rootValue: event, context: operation, variables });
    // What went wrong may have gone wrong for the first of them alone, who may have left.
    const take = (event: unknown, result: TextResult): Result => {
      if (result.errors !== undefined) return run(event);
      // What the last event of its own cost is not what this one costs: nothing.
      operation.renewSession();
      return result;
    };
    return (event) => {
      // Not one of the watcher's: nothing says that others get the same.
      if (typeof event !== 'object' || event === null) return run(event);
      const byKey = this.#of(event, prepared);
      const known = byKey.get(key);
      if (known === undefined) {
        const result = run(event);
        byKey.set(key, result);
        // The answer itself takes the promise's place, so that who comes later need not wait for a turn.
        if (result instanceof Promise) result.then((answer) => byKey.set(key, answer));
        return result;
      }
      return known instanceof Promise ? known.then((result) => take(event, result)) : take(event, known);
    };
  }

  #of(event: object, prepared: PreparedOperation): Map<string, Result> {
    let shared = this.#results.get(event);
    if (shared === undefined) {
      shared = new Map();
      this.#results.set(event, shared);
    }
    let byKey = shared.get(prepared);
    if (byKey === undefined) {
      byKey = new Map();
      shared.set(prepared, byKey);
    }
    return byKey;
  }
}

/** All that an answer depends on beside the event and the operation. Where the subscription began does not matter to what comes after. */
function keyOf({ beyondStart }: PreparedOperation, { variables, caller, principal }: Operation): string {
  const who = JSON.stringify([caller.name, [...caller.scopes].sort(), caller.principals, principal.name]);
  return who + valuesOf(variables, beyondStart);
}
