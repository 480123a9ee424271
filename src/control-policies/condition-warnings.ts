import { type ConditionOperator, parseConditionOperator } from './condition.ts';
import { compileValue } from './condition-value.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { parseBoolean } from './parse-value.ts';
import type { Statement } from './policy-document.ts';
import { parseTemplate } from './policy-variables.ts';
import type { IssueReason } from './truth.ts';

/** What AWS accepts, and is likely a mistake. */
export interface PolicyWarning {
  readonly path: string;
  readonly code:
    | 'ALLOWS_ABSENT_KEY'
    | 'DENIES_EVERYTHING'
    | 'MULTIVALUED_KEY'
    | 'NO_VALUES'
    | 'PLAIN_VARIABLE'
    | 'PLAIN_WILDCARD'
    | 'UNSUPPORTED_SERVICE'
    | IssueReason;
  /** One sentence without a full stop. */
  readonly message: string;
}

export function plainVariable(path: string): PolicyWarning {
  const message = 'policy variables are plain text unless Version is "2012-10-17"';
  return { path, code: 'PLAIN_VARIABLE', message };
}

/**
 * Global keys that can have several values, in lower case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const multivaluedKeys: ReadonlySet<string> = new Set(
  ['CalledVia', 'PrincipalOrgPaths', 'PrincipalServiceNamesList', 'ResourceOrgPaths', 'SourceOrgPaths', 'TagKeys'].map(
    (name) => `aws:${name.toLowerCase()}`,
  ),
);

interface KeyTest {
  readonly path: string;
  readonly operator: ConditionOperator;
  /** The operator as written. */
  readonly name: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Returns what is likely a mistake in the Condition of a statement. */
export function warnAboutConditions(statement: Statement, hasVariables: boolean): readonly PolicyWarning[] {
  const { path, elements } = statement;
  const { Condition: condition, Effect: effect } = elements;
  if (!isJsonObject(condition)) return [];
  const tests = keyTests(`${path}.Condition`, condition);
  const isGuarded = (key: string): boolean =>
    tests.some(
      ({ operator, key: other, values }) =>
        operator.comparison === 'presence' && other.toLowerCase() === key.toLowerCase() && values.includes('false'),
    );
  return tests.flatMap((test) => [
    ...warnAboutKey(test),
    ...(effect === 'Allow' && !isGuarded(test.key) ? warnAboutAbsentKey(test) : []),
    ...test.values.flatMap((value) => warnAboutValue(test, value, hasVariables)),
  ]);
}

/** Returns the tests that `checkCondition` does not reject. */
function keyTests(path: string, condition: JsonObject): readonly KeyTest[] {
  return Object.entries(condition).flatMap(([name, keys]) => {
    const operator = parseConditionOperator(name);
    if (operator === undefined || !isJsonObject(keys)) return [];
    return Object.entries(keys).flatMap(([key, value]) => {
      const items: readonly JsonValue[] = isJsonArray(value) ? value : [value];
      if (items.some((item) => item === null || typeof item === 'object')) return [];
      return [{ path: `${path}.${name}.${key}`, operator, name, key, values: items.map(String) }];
    });
  });
}

function warnAboutKey({ path, operator, key, values }: KeyTest): readonly PolicyWarning[] {
  const { quantifier, comparison, isNegated } = operator;
  if (values.length === 0) {
    const message = `the list of values is empty, so that ${isNegated ? 'every value matches' : 'no value matches'}`;
    return [{ path, code: 'NO_VALUES', message }];
  }
  if (comparison === 'presence' || quantifier !== undefined || !multivaluedKeys.has(key.toLowerCase())) return [];
  const message = `${key} can have several values: use ForAllValues or ForAnyValue`;
  return [{ path, code: 'MULTIVALUED_KEY', message }];
}

function warnAboutAbsentKey({ path, operator, key }: KeyTest): readonly PolicyWarning[] {
  if (operator.quantifier !== 'ForAllValues') return [];
  const message = `ForAllValues also allows requests without ${key}: add "Null": {"${key}": "false"} to require it`;
  return [{ path, code: 'ALLOWS_ABSENT_KEY', message }];
}

function warnAboutValue(
  { path, operator: { comparison }, name }: KeyTest,
  value: string,
  hasVariables: boolean,
): readonly PolicyWarning[] {
  if (!hasVariables && value.includes('${')) return [plainVariable(path)];
  if (comparison === 'presence') {
    if (parseBoolean(value) !== undefined) return [];
    return [{ path, code: 'INVALID_VALUE', message: `expected true or false, found ${JSON.stringify(value)}` }];
  }
  const template = parseTemplate(value, hasVariables);
  const test = compileValue(comparison, template, value, path);
  if (typeof test !== 'function') return [{ path, code: test.reason, message: test.message }];
  const isText = comparison === 'text' || comparison === 'textIgnoringCase';
  if (isText && template.parts.some((part) => 'text' in part && /[*?]/.test(part.text))) {
    const message = `${name} has no wildcards, so that * and ? are plain characters`;
    return [{ path, code: 'PLAIN_WILDCARD', message }];
  }
  if (comparison === 'arnPattern' && !template.hasVariables && value.split(':', 6).length < 6) {
    const message = 'the ARN pattern has fewer than six parts, and AWS does not say what it matches';
    return [{ path, code: 'UNDOCUMENTED_RULE', message }];
  }
  return [];
}
