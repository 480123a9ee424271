import type { ExecutionArgs } from 'graphql';
import { createGraphQLError, type YogaInitialContext } from 'graphql-yoga';
import type { Config } from '../../config.ts';
import { type Estimate, estimate, OversizedOperation } from '../../schema/cost/estimate.ts';
import type { OperationContext, ServerPlugin } from './plugin.ts';

/** Set to `only`, it asks for the estimate instead of the data; so does `extensions.orgql.estimate: true` in the operation. */
export const ESTIMATE_HEADER = 'x-orgql-estimate';

/** How many fields an estimate names. */
const MOST_FIELDS = 10;

/**
 * Reckons before an operation runs how many calls it can make at most: above `graph.maxCalls` it is refused, with the number and
 * what to make smaller. Who asks for the estimate alone gets it, however large, and nothing is called.
 */
export function useCostLimit({ maxCalls, maxFirst, assumedAccounts }: Config['graph']): ServerPlugin {
  function check(args: Args, answer: (result: object) => void): void {
    const context = args.contextValue;
    const reckoned = reckon(args);
    if (isEstimateOnly(context)) {
      const { calls, fields } = reckoned;
      const costly = fields.slice(0, MOST_FIELDS).map((field) => ({ path: field.path, calls: field.calls }));
      answer({ data: null, extensions: { upstream: { estimate: { calls, maxCalls, fields: costly } } } });
    } else if (reckoned.calls > maxCalls) {
      answer({ errors: [tooExpensive(reckoned, maxCalls)] });
    }
    context.forecast = reckoned.forecast;
  }

  function reckon({ schema, document, operationName, variableValues }: Args): Estimate {
    try {
      return estimate(
        schema,
        { document, operationName, variables: variableValues },
        { maxFirst, accounts: assumedAccounts },
      );
    } catch (error) {
      if (!(error instanceof OversizedOperation)) throw error;
      throw createGraphQLError('The operation selects too much. Split it into several.', {
        extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
      });
    }
  }

  return {
    onExecute: ({ args, setResultAndStopExecution }) => check(args, setResultAndStopExecution),
    onSubscribe: ({ args, setResultAndStopExecution }) => check(args, setResultAndStopExecution),
  };
}

interface Args extends Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'> {
  readonly contextValue: OperationContext & YogaInitialContext;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

function isEstimateOnly({ request, params }: YogaInitialContext): boolean {
  const orgql: unknown = params.extensions?.['orgql'];
  if (typeof orgql === 'object' && orgql !== null && 'estimate' in orgql) return orgql.estimate === true;
  return request.headers.get(ESTIMATE_HEADER)?.trim().toLowerCase() === 'only';
}

function tooExpensive({ calls, fields: [most] }: Estimate, maxCalls: number) {
  const lists = most?.lists ?? [];
  const longest = lists.toSorted((a, b) => b.first - a.first)[0];
  // A list of one cannot be made smaller; what is left is to do without.
  const remedy =
    longest !== undefined && longest.first > 1
      ? `make \`first\` of "${longest.path}" smaller (it is ${longest.first}), or leave "${most?.path}" out`
      : `leave "${most?.path}" out, or ask for it in an operation of its own`;
  return createGraphQLError(
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
