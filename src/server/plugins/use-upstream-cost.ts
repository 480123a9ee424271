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

function estimateOf({ extensions }: ExecutionResult): object {
  const upstream: unknown = extensions?.['upstream'];
  return typeof upstream === 'object' && upstream !== null && 'estimate' in upstream
    ? { estimate: upstream.estimate }
    : {};
}

function addCost(result: ExecutionResult, cost: UpstreamCost): ExecutionResult {
  const { calls, cached, coalesced, waitedMs } = cost;
  const upstream = { calls, cached, coalesced, waitedMs: Math.round(waitedMs) };
  // An estimate that was asked for stands beside what was really spent.
  return { ...result, extensions: { ...result.extensions, upstream: { ...upstream, ...estimateOf(result) } } };
}
