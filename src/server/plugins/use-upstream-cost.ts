import type { ExecutionResult } from 'graphql';
import { mapAsyncIterator } from 'graphql-yoga';
import type { UpstreamCost } from '../../upstream/index.ts';
import { isStream, type ServerPlugin } from './plugin.ts';

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 };

/** Says in `extensions.upstream` of every result, and of every event of a subscription, what it cost upstream. */
export function useUpstreamCost(): ServerPlugin {
  return {
    onExecutionResult({ result, context, setResult }) {
      if (result === undefined) return;
      const withCost = (one: ExecutionResult) => addCost(one, context.session?.cost ?? NOTHING);
      setResult(isStream(result) ? mapAsyncIterator(result, withCost) : withCost(result));
    },
    // What failed before it became an operation has no result of its own; it cost nothing, and says so too.
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || isStream(result) || result.extensions?.upstream) return;
      setResult(addCost(result, NOTHING));
    },
  };
}

function addCost(result: ExecutionResult, cost: UpstreamCost): ExecutionResult {
  const { calls, cached, coalesced, waitedMs } = cost;
  return {
    ...result,
    extensions: { ...result.extensions, upstream: { calls, cached, coalesced, waitedMs: Math.round(waitedMs) } },
  };
}
