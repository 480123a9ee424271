import { parseConditionOperator } from './condition.ts';
import { isJsonArray, isJsonObject, type JsonValue } from './json.ts';
import { matchesPattern } from './wildcards.ts';

/** Values of a request's condition keys, the keys in lower case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** `unknown`: the outcome depends on an operator that is not evaluated here (numbers, dates, addresses). */
export type Outcome = 'met' | 'unmet' | 'unknown';

type Comparison = (pattern: string, actual: string) => boolean;

const equal: Comparison = (pattern, actual) => pattern === actual;
const equalIgnoringCase: Comparison = (pattern, actual) => pattern.toLowerCase() === actual.toLowerCase();

/** Positive form of each operator; the negative ones are their opposite. */
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['stringequals', equal],
  ['stringequalsignorecase', equalIgnoringCase],
  ['stringlike', matchesPattern],
  // IAM lets ArnEquals and ArnLike behave the same.
  ['arnequals', matchesPattern],
  ['arnlike', matchesPattern],
  ['bool', equalIgnoringCase],
]);

/**
 * Evaluates a statement's Condition block: all operators, and all keys of each, must be met by one of the key's values.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
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
  if (operator.name === 'null') return outcome(expected.includes('true') ? actual === undefined : actual !== undefined);
  const negated = operator.name.includes('not');
  const compare = comparisons.get(operator.name.replace('not', ''));
  if (compare === undefined) return 'unknown';
  // An absent key meets negated operators, IfExists and ForAllValues.
  if (actual === undefined) return outcome(operator.ifExists || negated || operator.quantifier === 'ForAllValues');
  const matches = (value: string): boolean => expected.some((pattern) => compare(pattern, value)) !== negated;
  if (operator.quantifier === 'ForAnyValue') return outcome(actual.some(matches));
  return outcome(operator.quantifier === 'ForAllValues' || negated ? actual.every(matches) : actual.some(matches));
}

function outcome(met: boolean): Outcome {
  return met ? 'met' : 'unmet';
}
