import { type ConditionOperator, checkCondition, parseConditionOperator, type ValueComparison } from './condition.ts';
import { compileValue, type ValueTest } from './condition-value.ts';
import { isJsonArray, isJsonObject, type JsonValue } from './json.ts';
import { parseBoolean } from './parse-value.ts';
import { missingVariables, parseTemplate } from './policy-variables.ts';
import type { RequestContext } from './request-context.ts';
import {
  allOf,
  anyOf,
  isUnknown,
  mergeUnknown,
  not,
  type Truth,
  toIssue,
  unknownBecause,
  unknownKeys,
} from './truth.ts';

export type ConditionTest = (context: RequestContext) => Truth;

/** What the values of a condition mean. */
export interface ConditionUse {
  /** Path of the Condition element in the document. */
  readonly path: string;
  /** Whether texts may have policy variables. */
  readonly hasVariables: boolean;
}

/**
 * Compiles a Condition block into one test per operator and key. All of them must be true.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 *
 * Skips what `checkCondition` reports, such as unknown operators: the caller must not evaluate such a statement alone.
 */
export function compileCondition(condition: JsonValue | undefined, use: ConditionUse): readonly ConditionTest[] {
  if (!isJsonObject(condition)) return [];
  return Object.entries(condition).flatMap(([name, keys]) => {
    const operator = parseConditionOperator(name);
    if (operator === undefined || !isJsonObject(keys)) return [];
    return Object.entries(keys).flatMap(([key, value]) => {
      const items = isJsonArray(value) ? value : [value];
      if (items.some((item) => item === null || typeof item === 'object')) return [];
      const values = items.map(String);
      const path = `${use.path}.${name}.${key}`;
      return operator.comparison === 'presence'
        ? compilePresence(operator, key, values, path)
        : compileKey(operator, operator.comparison, key, values, { path, hasVariables: use.hasVariables });
    });
  });
}

/** Whether a Condition block is true. Unknown if a key is unknown, or if `checkCondition` reports a problem. */
export function evaluateCondition(condition: JsonValue | undefined, context: RequestContext): Truth {
  const path = 'Condition';
  const problems = condition === undefined ? [] : checkCondition(path, condition);
  const tests = compileCondition(condition, { path, hasVariables: true });
  return allOf([...tests, ...problems.map((problem) => () => unknownBecause(toIssue(problem)))], (test) =>
    test(context),
  );
}

function compilePresence(
  { quantifier }: ConditionOperator,
  key: string,
  values: readonly string[],
  path: string,
): ConditionTest {
  const expected = values.map((value) => value.toLowerCase());
  const invalid = values.find((value) => parseBoolean(value) === undefined);
  if (invalid !== undefined) {
    const message = `expected true or false, found ${JSON.stringify(invalid.slice(0, 80))}`;
    return () => unknownBecause({ reason: 'INVALID_VALUE', path, message });
  }
  if (quantifier !== undefined) {
    const message = `AWS does not say what ${quantifier}:Null means`;
    return () => unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
  }
  return (context) => {
    const actual = context.get(key);
    return actual === undefined ? unknownKeys([key]) : expected.includes(actual === null ? 'true' : 'false');
  };
}

function compileKey(
  operator: ConditionOperator,
  comparison: ValueComparison,
  key: string,
  values: readonly string[],
  { path, hasVariables }: ConditionUse,
): ConditionTest {
  const templates = values.map((value) => parseTemplate(value, hasVariables));
  const tests = templates.map((template, index): ValueTest => {
    const test = compileValue(comparison, template, values[index] ?? '', path);
    return typeof test === 'function' ? test : () => unknownBecause(test);
  });
  const passes = (actual: string, context: RequestContext): Truth => {
    const matches = anyOf(tests, (test) => test(actual, context));
    return operator.isNegated ? not(matches) : matches;
  };
  // Other operators do not take variables, so that such a key cannot change their result.
  const takesVariables = ['text', 'textIgnoringCase', 'textPattern', 'arnPattern'].includes(comparison);
  const variables = takesVariables ? templates.filter(({ isMalformed }) => !isMalformed) : [];
  const whenAbsent = resultWhenAbsent(operator, path);
  return (context) => {
    const actual = context.get(key);
    if (actual === undefined)
      return unknownKeys([key, ...variables.flatMap((template) => missingVariables(template, context))]);
    if (actual === null) return whenAbsent;
    return combineValues(operator, actual, path, (value) => passes(value, context));
  };
}

/**
 * AWS's pages contradict each other on set operators with a negated operator: the page on multivalued keys says true
 * for ForAllValues and false for ForAnyValue, the page on operators says the opposite.
 */
function resultWhenAbsent({ ifExists, isNegated, quantifier }: ConditionOperator, path: string): Truth {
  if (ifExists) return true;
  if (quantifier === undefined) return isNegated;
  if (!isNegated) return quantifier === 'ForAllValues';
  const message = `the key is absent, and AWS's pages contradict each other on ${quantifier} with a negated operator`;
  return unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
}

function combineValues(
  { quantifier }: ConditionOperator,
  actual: readonly string[],
  path: string,
  passes: (value: string) => Truth,
): Truth {
  if (quantifier === 'ForAllValues') return allOf(actual, passes);
  if (quantifier === 'ForAnyValue') return anyOf(actual, passes);
  const results = actual.map(passes);
  const [first = false] = results;
  const unknown = results.filter(isUnknown);
  if (unknown.length > 0) return mergeUnknown(unknown);
  if (results.every((result) => result === first)) return first;
  const message = 'the key has several values, and AWS does not say what applies without ForAllValues or ForAnyValue';
  return unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
}
