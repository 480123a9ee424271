import { createSourceEventStream, type DocumentNode, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { mapAsyncIterator } from 'graphql-yoga';
import type { GraphContext } from '../../schema/context.ts';
import { createUsesDirective } from '../uses-directive.ts';
import { isStream, type ServerPlugin } from './plugin.ts';

type Answer = ReturnType<typeof execute>;

/** What an event tells those who asked for the same, as the same principal. */
type Shared = Map<DocumentNode, Map<string, Answer>>;

/**
 * Runs a subscription's operation once per event, however many subscribed to the same: the watcher gives all of them the very same event, and what is
 * asked of it, by the same caller as the same principal, has the same answer. Its cost upstream is told to the first of them.
 */
export function useSharedEvents(): ServerPlugin {
  const incremental = createUsesDirective('defer', 'stream');
  const results = new WeakMap<object, Shared>();

  function answer(event: unknown, args: ExecutionArgs, key: string): Answer {
    const run = () => execute({ ...args, rootValue: event });
    if (typeof event !== 'object' || event === null) return run();
    const shared: Shared = results.get(event) ?? new Map();
    results.set(event, shared);
    const byKey = shared.get(args.document) ?? new Map<string, Answer>();
    shared.set(args.document, byKey);
    const known = byKey.get(key);
    if (known === undefined) {
      const result = run();
      byKey.set(key, result);
      return result;
    }
    // What went wrong may have gone wrong for the first of them alone, who may have left.
    const take = (result: ExecutionResult): Answer => {
      if (result.errors !== undefined) return run();
      forgetCost(args.contextValue as GraphContext);
      return result;
    };
    return known instanceof Promise ? known.then(take) : take(known as ExecutionResult);
  }

  return {
    onSubscribe({ args, setSubscribeFn }) {
      // The parser gives the same document for the same text.
      if (incremental(args.document)) return;
      setSubscribeFn(async (subscribed: ExecutionArgs) => {
        const source = await createSourceEventStream(subscribed);
        if (!isStream(source)) return source;
        const key = keyOf(subscribed);
        return mapAsyncIterator(source, (event) => answer(event, subscribed, key));
      });
    },
  };
}

/** What the last event of its own cost an operation is not what this one costs it: nothing. */
function forgetCost(context: GraphContext): void {
  const { calls, cached, coalesced } = context.session.cost;
  if (calls + cached + coalesced > 0) context.renewSession();
}

/** All that an answer depends on beside the event and the document. Where the subscription began does not matter to what comes after. */
function keyOf({ operationName, variableValues, contextValue }: ExecutionArgs): string {
  const { caller, principal } = contextValue as GraphContext;
  const { after: _, ...variables } = variableValues ?? {};
  return JSON.stringify([
    caller.name,
    [...caller.scopes].sort(),
    caller.principals,
    principal.name,
    operationName,
    variables,
  ]);
}
