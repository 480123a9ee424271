import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, visit } from 'graphql';
import type { PreparedOperation } from '../../executor/index.ts';
import { acceptedCopy } from '../../schema/copied-connection.ts';
import { type CopiedData, copiedKey } from '../../schema/cost/copied.ts';
import { type EstimateSettings, estimate, OversizedOperationError } from '../../schema/cost/estimate.ts';
import type { Estimate } from '../../schema/cost/totals.ts';
import { isInventoryCursor } from '../../schema/cursor.ts';
import { limitError } from '../errors.ts';
import { isIncremental } from '../execution/execute-operation.ts';
import { ESTIMATE_HEADER, memberOf, type Operation } from '../operation.ts';
import type { Step } from './step.ts';

/**
 * The executor of `@defer` and `@stream` creates an error for each failed value, even those that are not sent; each
 * takes over a kilobyte.
 */
const MAX_VALUES_IN_PARTS = 20_000;

/** Maximum number of fields in a reported estimate. */
const MAX_REPORTED_FIELDS = 10;

/**
 * Rejects an operation before it runs if its estimate exceeds `graph.maxCalls` or `limits.values`; the error names the
 * fields to make smaller. A client that requests the estimate alone receives it, and no call is made.
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
      // Without an accepted age the session would be opened for nothing.
      const copy = operation.freshness === undefined ? undefined : acceptedCopy(operation);
      const estimated = estimates.of(prepared, variables, copy);
      if (isEstimateOnly(operation)) {
        const { calls, fields, values } = estimated;
        const costly = fields.slice(0, MAX_REPORTED_FIELDS).map((field) => ({ path: field.path, calls: field.calls }));
        return {
          data: null,
          extensions: { upstream: { estimate: { calls, maxCalls, values, maxValues, fields: costly } } },
        };
      }
      if (estimated.calls > maxCalls) return { errors: [tooExpensive(estimated, maxCalls)] };
      const incremental = isIncremental(prepared);
      const most = incremental ? Math.min(maxValues, MAX_VALUES_IN_PARTS) : maxValues;
      if (estimated.values > most) return { errors: [tooLarge(estimated, most, incremental)] };
      operation.forecast = estimated.forecast;
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
  // A list with `first: 1` cannot be made smaller.
  const remedy =
    longest !== undefined && longest.first > 1
      ? `make \`first\` of "${longest.path}" smaller (it is ${longest.first}), or leave "${most?.path}" out`
      : `leave "${most?.path}" out, or ask for it in an operation of its own`;
  return new GraphQLError(
    `This operation can cost ${calls} calls to AWS; the maximum is ${maxCalls} (graph.maxCalls). ${most?.calls} of them are for "${most?.path}": ${remedy}.`,
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

function tooLarge({ largestField: { path, values } }: Estimate, maximum: number, inParts: boolean) {
  return limitError(
    'VALUE_LIMIT_EXCEEDED',
    `The response can exceed ${maximum} values, the maximum${inParts && maximum === MAX_VALUES_IN_PARTS ? ' with @defer and @stream' : ''} (limits.values). ${values} of them are for "${path}": request fewer items, for fewer fields of each, or in several operations.`,
    { maximum },
  );
}

/** Cached estimates per operation, by the variables that affect its cost. */
const MAX_ESTIMATES = 16;
/** Maximum number of fields in the cached estimates of an operation. */
const MAX_ESTIMATED_FIELDS = 64;
/** In characters. Larger values are rarely repeated, or may be an attack on the memory. */
const MAX_KEY = 128;

type Variables = Readonly<Record<string, unknown>>;

interface OperationEstimates {
  readonly keyOf: (variables: Variables) => string;
  readonly known: Map<string, Estimate>;
  fields: number;
}

/** Estimates the maximum cost of operations, and caches estimates with each prepared operation. */
export class Estimates {
  readonly #settings: EstimateSettings;
  readonly #operations = new WeakMap<PreparedOperation, OperationEstimates>();

  constructor(settings: EstimateSettings) {
    this.#settings = settings;
  }

  /**
   * Estimates an operation with valid variables (as sent, not coerced).
   * @param copy The copy of the organization, if the operation accepts its age.
   * @throws GraphQLError if it has too many selections.
   */
  of(operation: PreparedOperation, variables: Variables, copy?: CopiedData): Estimate {
    const kept = this.#keptOf(operation);
    const variableKey = kept.keyOf(variables);
    const key = copy === undefined ? variableKey : `${copiedKey(copy)} ${variableKey}`;
    const known = kept.known.get(key);
    if (known !== undefined) return known;
    const made = this.#make(operation, variables, copy);
    if (variableKey.length > MAX_KEY) return made;
    if (kept.known.size >= MAX_ESTIMATES || kept.fields > MAX_ESTIMATED_FIELDS) {
      kept.known.clear();
      kept.fields = 0;
    }
    kept.known.set(key, made);
    kept.fields += made.fields.length;
    return made;
  }

  #keptOf(operation: PreparedOperation): OperationEstimates {
    let kept = this.#operations.get(operation);
    if (kept === undefined) {
      kept = { keyOf: costKeys(operation.document, operation.definition), known: new Map(), fields: 0 };
      this.#operations.set(operation, kept);
    }
    return kept;
  }

  #make({ schema, document, name }: PreparedOperation, variables: Variables, copy?: CopiedData): Estimate {
    const accounts = copy?.size('accounts') ?? this.#settings.accounts;
    const settings = copy === undefined ? this.#settings : { ...this.#settings, accounts, copy };
    try {
      return estimate(schema, { document, operationName: name, variables }, settings);
    } catch (error) {
      if (!(error instanceof OversizedOperationError)) throw error;
      throw new GraphQLError('The operation has too many selections. Split it into several operations.', {
        extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
      });
    }
  }
}

/** A mutation's input does not affect its cost, except that an invalid one makes no call. */
const INPUT = 'input';
const CURSOR = 'after';

/**
 * Returns a function that makes a key of an operation's variables, which is equal for two requests only if their costs
 * are. Of variables that are used only in a mutation's input or as a cursor, only their presence counts. Absent and
 * null differ: an absent variable may have a default.
 */
function costKeys(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (variables: Variables) => string {
  if (variableDefinitions.length === 0) return () => '';
  const byValue = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      const isPresenceOnly = name.value === INPUT || (name.value === CURSOR && value.kind === Kind.VARIABLE);
      if (isPresenceOnly) return;
      visit(value, {
        Variable({ name: variable }) {
          byValue.add(variable.value);
        },
      });
    },
  });
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  const valued = names.filter((name) => byValue.has(name));
  const present = names.filter((name) => !byValue.has(name));
  return (variables) => {
    let key = '';
    for (const name of present) key += presenceOf(variables, name);
    for (const name of valued) key += `,${Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : ''}`;
    return key;
  };
}

/** A cursor of the copy of the organization has another cost than one of AWS's pages. */
function presenceOf(variables: Variables, name: string): string {
  if (!Object.hasOwn(variables, name)) return 'a';
  const value = variables[name];
  if (value == null) return 'n';
  return typeof value === 'string' && isInventoryCursor(value) ? 'i' : 'v';
}
