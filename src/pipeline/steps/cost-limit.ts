import { GraphQLError } from 'graphql';
import type { EstimateSettings } from '../../schema/cost/estimate.ts';
import type { Estimate } from '../../schema/cost/totals.ts';
import { Estimates } from '../documents/estimates.ts';
import { limitError } from '../errors.ts';
import { isIncremental } from '../execution/execute-operation.ts';
import { ESTIMATE_HEADER, memberOf, type Operation } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * The executor of `@defer` and `@stream` makes an error of each value that fails before only the first ones are sent: each takes a kilobyte and more.
 */
const MAX_VALUES_IN_PARTS = 20_000;

/** How many fields an estimate names. */
const MOST_FIELDS = 10;

/**
 * Reckons before an operation runs how many calls it can make at most, and how large its answer can become: above `graph.maxCalls` or `limits.values` it is refused, with
 * what to make smaller. Who asks for the estimate alone gets it, however large, and nothing is called.
 */
export function costLimit(
  { maxCalls }: { readonly maxCalls: number },
  { values: maxValues }: { readonly values: number },
  settings: EstimateSettings,
): Step {
  const estimates = new Estimates(settings);
  return {
    onExecute(operation) {
      const { prepared, variables } = operation;
      if (prepared === undefined) return undefined;
      const reckoned = estimates.of(prepared, variables);
      if (isEstimateOnly(operation)) {
        const { calls, fields, values } = reckoned;
        const costly = fields.slice(0, MOST_FIELDS).map((field) => ({ path: field.path, calls: field.calls }));
        return {
          data: null,
          extensions: { upstream: { estimate: { calls, maxCalls, values, maxValues, fields: costly } } },
        };
      }
      if (reckoned.calls > maxCalls) return { errors: [tooExpensive(reckoned, maxCalls)] };
      const incremental = isIncremental(prepared);
      const most = incremental ? Math.min(maxValues, MAX_VALUES_IN_PARTS) : maxValues;
      if (reckoned.values > most) return { errors: [tooLarge(reckoned, most, incremental)] };
      operation.forecast = reckoned.forecast;
      return undefined;
    },
  };
}

function isEstimateOnly({ request, params: { extensions } }: Operation): boolean {
  const estimate = memberOf(memberOf(extensions, 'orgql'), 'estimate');
  if (estimate !== undefined) return estimate === true;
  return request.header(ESTIMATE_HEADER)?.trim().toLowerCase() === 'only';
}

function tooExpensive({ calls, fields: [most] }: Estimate, maxCalls: number) {
  const lists = most?.lists ?? [];
  const longest = lists.toSorted((a, b) => b.first - a.first)[0];
  // A list of one cannot be made smaller; what is left is to do without.
  const remedy =
    longest !== undefined && longest.first > 1
      ? `make \`first\` of "${longest.path}" smaller (it is ${longest.first}), or leave "${most?.path}" out`
      : `leave "${most?.path}" out, or ask for it in an operation of its own`;
  return new GraphQLError(
    `This operation can cost ${calls} calls to AWS, and this gateway allows ${maxCalls} (graph.maxCalls). ${most?.calls} of them are for "${most?.path}": ${remedy}.`,
    {
      extensions: {
        code: 'COST_LIMIT_EXCEEDED',
        estimate: calls,
        maximum: maxCalls,
        field: most?.path,
        argument: longest && `${longest.path}(first:)`,
        retryable: false,
        http: { status: 400 },
      },
    },
  );
}

function tooLarge({ mostValues: { path, values } }: Estimate, maximum: number, inParts: boolean) {
  return limitError(
    'VALUE_LIMIT_EXCEEDED',
    `The answer can have more values than the ${maximum} that this gateway allows${inParts && maximum === MAX_VALUES_IN_PARTS ? ' with @defer and @stream' : ''} (limits.values). ${values} of them are for "${path}": ask for fewer items, for fewer fields of each, or in several operations.`,
    { maximum },
  );
}
