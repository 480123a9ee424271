import { parseConditionOperator } from './condition.ts';
import { isJsonArray, isJsonObject, type JsonValue } from './json.ts';
import { matchesPattern } from './wildcards.ts';

/** Values of the request's condition keys, by key in lower case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** `unknown` if the result depends on an operator that is not implemented (numbers, dates, addresses). */
export type Outcome = 'met' | 'unmet' | 'unknown';

type Comparison = (pattern: string, actual: string) => boolean;

const equal: Comparison = (pattern, actual) => pattern === actual;
const equalIgnoringCase: Comparison = (pattern, actual) => pattern.toLowerCase() === actual.toLowerCase();

/** Comparison of each positive operator. A negative operator is its opposite. */
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['stringequals', equal],
  ['stringequalsignorecase', equalIgnoringCase],
  ['stringlike', matchesPattern],
  // IAM treats ArnEquals and ArnLike alike.
  ['arnequals', matchesPattern],
  ['arnlike', matchesPattern],
  ['bool', equalIgnoringCase],
]);

/**
 * Evaluates a Condition block. Each operator and each of its keys must match; any of a key's values suffices.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function evaluateCondition(condition: JsonValue | undefined, context: RequestContext): Outcome {
  if (!isJsonObject(condition)) return 'met';
  const outcomes = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(isJsonObject(keys) ? keys : {}).map(([key, expected]) => {
      const values = (isJsonArray(expected) ? expected : [expected]).map(String);
      return evaluateKey(operator, values, context.get(key.toLowerCase()));
    }),
  );
  if (outcomes.includes('unmet')) return 'unmet';
  return outcomes.includes('unknown') ? 'unknown' : 'met';
}

function evaluateKey(
  operatorText: string,
  expected: readonly string[],
  actual: readonly string[] | undefined,
): Outcome {
  const operator = parseConditionOperator(operatorText);
  if (operator === undefined) return 'unknown';
  if (operator.name === 'null')
    return toOutcome(expected.includes('true') ? actual === undefined : actual !== undefined);
  const negated = operator.name.includes('not');
  const compare = comparisons.get(operator.name.replace('not', ''));
  if (compare === undefined) return 'unknown';
  // A missing key matches negated operators, IfExists and ForAllValues.
  if (actual === undefined) return toOutcome(operator.ifExists || negated || operator.quantifier === 'ForAllValues');
  const matches = (value: string): boolean => expected.some((pattern) => compare(pattern, value)) !== negated;
  if (operator.quantifier === 'ForAnyValue') return toOutcome(actual.some(matches));
  return toOutcome(operator.quantifier === 'ForAllValues' || negated ? actual.every(matches) : actual.some(matches));
}

function toOutcome(met: boolean): Outcome {
  return met ? 'met' : 'unmet';
}
