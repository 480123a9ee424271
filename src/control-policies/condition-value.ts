import { compileArn } from './arn-pattern.ts';
import type { ValueComparison } from './condition.ts';
import {
  isInRange,
  parseBase64,
  parseBoolean,
  parseDate,
  parseIpAddress,
  parseIpRange,
  parseNumber,
} from './parse-value.ts';
import { compileTemplate, malformedTemplate, type Template } from './policy-variables.ts';
import type { RequestContext } from './request-context.ts';
import { type Issue, type Truth, unknownBecause } from './truth.ts';
import { compilePattern } from './wildcards.ts';

/** Compares a value of the request with a value of the policy. */
export type ValueTest = (actual: string, context: RequestContext) => Truth;

type CompileValue = (template: Template, text: string, path: string) => ValueTest | Issue;

const compareText =
  (hasWildcards: boolean, ignoresCase: boolean): CompileValue =>
  (template, _, path) =>
    compileTemplate(template, { path, hasWildcards, ignoresCase }, compilePattern);

const compareArn: CompileValue = (template, _, path) =>
  compileTemplate(template, { path, hasWildcards: true, ignoresCase: false }, (pattern) => compileArn(pattern, path));

/** A request's value that cannot be parsed makes the comparison unknown: AWS does not document its result. */
function compareParsed<Actual, Expected>(
  type: string,
  parseActual: (text: string) => Actual | undefined,
  parseExpected: (text: string) => Expected | undefined,
  compare: (actual: Actual, expected: Expected) => boolean,
): CompileValue {
  return (template, text, path) => {
    const invalid = (value: string, where: string): Issue => {
      const found = JSON.stringify(value.slice(0, 80));
      return { reason: 'INVALID_VALUE', path, message: `expected ${type} in the ${where}, found ${found}` };
    };
    if (template.hasVariables) {
      const message = `AWS does not say whether ${type} may come from a policy variable`;
      return { reason: 'UNDOCUMENTED_RULE', path, message };
    }
    const expected = parseExpected(text);
    if (expected === undefined) return invalid(text, 'policy');
    return (value) => {
      const actual = parseActual(value);
      return actual === undefined ? unknownBecause(invalid(value, 'request')) : compare(actual, expected);
    };
  };
}

const compareNumber = (compare: (actual: number, expected: number) => boolean): CompileValue =>
  compareParsed('a number', parseNumber, parseNumber, compare);
const compareDate = (compare: (actual: number, expected: number) => boolean): CompileValue =>
  compareParsed('an ISO 8601 date or epoch seconds', parseDate, parseDate, compare);

const equal = <Value>(actual: Value, expected: Value): boolean => actual === expected;
const less = (actual: number, expected: number): boolean => actual < expected;
const lessOrEqual = (actual: number, expected: number): boolean => actual <= expected;
const greater = (actual: number, expected: number): boolean => actual > expected;
const greaterOrEqual = (actual: number, expected: number): boolean => actual >= expected;

const comparisons: Readonly<Record<ValueComparison, CompileValue>> = {
  text: compareText(false, false),
  textIgnoringCase: compareText(false, true),
  textPattern: compareText(true, false),
  arnPattern: compareArn,
  boolean: compareParsed('true or false', parseBoolean, parseBoolean, equal),
  binary: compareParsed('Base64', parseBase64, parseBase64, equal),
  ipRange: compareParsed('an IP address', parseIpAddress, parseIpRange, isInRange),
  numberEqual: compareNumber(equal),
  numberLess: compareNumber(less),
  numberLessOrEqual: compareNumber(lessOrEqual),
  numberGreater: compareNumber(greater),
  numberGreaterOrEqual: compareNumber(greaterOrEqual),
  dateEqual: compareDate(equal),
  dateLess: compareDate(less),
  dateLessOrEqual: compareDate(lessOrEqual),
  dateGreater: compareDate(greater),
  dateGreaterOrEqual: compareDate(greaterOrEqual),
};

/**
 * Compiles a value of a condition. Returns an issue if the evaluator cannot interpret it.
 *
 * @param text the value as written, from which `template` was parsed
 */
export function compileValue(
  comparison: ValueComparison,
  template: Template,
  text: string,
  path: string,
): ValueTest | Issue {
  return template.isMalformed ? malformedTemplate(path) : comparisons[comparison](template, text, path);
}
