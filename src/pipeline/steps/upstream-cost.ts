import type { ExecutionResult } from 'graphql';
import { TextResult } from '../../executor/index.ts';
import type { UpstreamCost } from '../../upstream/index.ts';
import { isStream } from '../operation.ts';
import type { Step } from './step.ts';

const NOTHING: UpstreamCost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0 };

/** One for all, so that those who share a result share its text, too. */
const COSTLESS = { upstream: NOTHING };
const COSTLESS_TEXT = JSON.stringify(COSTLESS);

/** Says in `extensions.upstream` of every result, and of every event of a subscription, what it cost upstream. */
export const upstreamCost: Step = {
  each: ({ cost }, result) => withCost(result, cost),
  // What failed before anything was resolved has no cost of its own; it says so too.
  answered: (_operation, answer) => (isStream(answer) ? answer : withoutCost(answer)),
};

/** A result that says nothing of its cost, as it had none. */
export function withoutCost(result: ExecutionResult): ExecutionResult {
  return result.extensions?.['upstream'] === undefined ? withCost(result, NOTHING) : result;
}

function estimateOf({ extensions }: ExecutionResult): object {
  const upstream: unknown = extensions?.['upstream'];
  return typeof upstream === 'object' && upstream !== null && 'estimate' in upstream
    ? { estimate: upstream.estimate }
    : {};
}

function withCost(result: ExecutionResult, { calls, cached, coalesced, waitedMs }: UpstreamCost): ExecutionResult {
  if (calls + cached + coalesced === 0 && result instanceof TextResult) return result.with(COSTLESS, COSTLESS_TEXT);
  const cost = { calls, cached, coalesced, waitedMs: Math.round(waitedMs) };
  if (result instanceof TextResult) return result.with({ upstream: cost }, textOf(cost));
  // An estimate that was asked for stands beside what was really spent.
  return { ...result, extensions: { ...result.extensions, upstream: { ...cost, ...estimateOf(result) } } };
}

/** The extensions as JSON: there is one in every answer. */
const textOf = ({ calls, cached, coalesced, waitedMs }: UpstreamCost): string =>
  `{"upstream":{"calls":${calls},"cached":${cached},"coalesced":${coalesced},"waitedMs":${waitedMs}}}`;
