import { describeJson, isJsonArray, isJsonObject, type JsonValue, type Problem } from './json.ts';

/** How an operator compares a value of the request with a value of the policy. */
export type ValueComparison =
  | 'text'
  | 'textIgnoringCase'
  | 'textPattern'
  | 'arnPattern'
  | 'boolean'
  | 'binary'
  | 'ipRange'
  | `${'number' | 'date'}${'Equal' | 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual'}`;

/** Null compares with no value: it tests whether the key is present. */
export type Comparison = ValueComparison | 'presence';

interface OperatorKind {
  readonly comparison: Comparison;
  /** Whether it matches values that compare false. */
  readonly isNegated: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: ReadonlyMap<string, OperatorKind> = new Map(
  (
    [
      ['text', 'StringEquals', 'StringNotEquals'],
      ['textIgnoringCase', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
      ['textPattern', 'StringLike', 'StringNotLike'],
      ['arnPattern', 'ArnEquals', 'ArnNotEquals'],
      ['arnPattern', 'ArnLike', 'ArnNotLike'],
      ['numberEqual', 'NumericEquals', 'NumericNotEquals'],
      ['numberLess', 'NumericLessThan'],
      ['numberLessOrEqual', 'NumericLessThanEquals'],
      ['numberGreater', 'NumericGreaterThan'],
      ['numberGreaterOrEqual', 'NumericGreaterThanEquals'],
      ['dateEqual', 'DateEquals', 'DateNotEquals'],
      ['dateLess', 'DateLessThan'],
      ['dateLessOrEqual', 'DateLessThanEquals'],
      ['dateGreater', 'DateGreaterThan'],
      ['dateGreaterOrEqual', 'DateGreaterThanEquals'],
      ['boolean', 'Bool'],
      ['binary', 'BinaryEquals'],
      ['ipRange', 'IpAddress', 'NotIpAddress'],
      ['presence', 'Null'],
    ] satisfies [Comparison, string, string?][]
  ).flatMap(([comparison, ...names]) =>
    names.map((name, index): [string, OperatorKind] => [name.toLowerCase(), { comparison, isNegated: index === 1 }]),
  ),
);

export interface ConditionOperator extends OperatorKind {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

/**
 * Parses an operator such as `ForAnyValue:StringLikeIfExists`, in any case. Returns undefined for operators that IAM
 * does not have.
 */
export function parseConditionOperator(text: string): ConditionOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(text);
  const kind = operators.get(match?.[2]?.toLowerCase() ?? '');
  if (match === null || kind === undefined) return undefined;
  const ifExists = match[3] !== undefined;
  // IAM has no NullIfExists, because Null itself checks whether the key exists.
  if (kind.comparison === 'presence' && ifExists) return undefined;
  const quantifier = match[1]?.toLowerCase();
  return {
    ...kind,
    quantifier:
      quantifier === 'forallvalues' ? 'ForAllValues' : quantifier === 'foranyvalue' ? 'ForAnyValue' : undefined,
    ifExists,
  };
}

/**
 * `provider:key`. The provider is `aws`, a service prefix, or the address of an identity provider: a host name
 * (`accounts.google.com:aud`) with an optional port or path (`oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub`). The
 * key may have any characters, as `aws:RequestTag/Cost Center` contains a tag key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const conditionKey = /^[^\s:]+:\S/;

/** Checks a Condition block: operator -> key -> a value or a list of values. */
export function checkCondition(path: string, condition: JsonValue): readonly Problem[] {
  if (!isJsonObject(condition)) {
    const expected = `expected an object, found ${describeJson(condition)}`;
    return [{ path, expected, unevaluable: 'INVALID_ELEMENT' }];
  }
  return Object.entries(condition).flatMap(([operator, keys]): readonly Problem[] => {
    const where = `${path}.${operator}`;
    if (parseConditionOperator(operator) === undefined) {
      const expected = 'expected a condition operator of IAM, such as StringEquals';
      return [{ path: where, expected, unevaluable: 'UNKNOWN_OPERATOR' }];
    }
    if (!isJsonObject(keys)) {
      const expected = `expected an object of condition keys, found ${describeJson(keys)}`;
      return [{ path: where, expected, unevaluable: 'INVALID_ELEMENT' }];
    }
    return Object.entries(keys).flatMap(([key, value]) => checkValues(`${where}.${key}`, key, value));
  });
}

function checkValues(path: string, key: string, value: JsonValue): readonly Problem[] {
  if (!conditionKey.test(key)) return [{ path, expected: 'expected a condition key such as aws:RequestedRegion' }];
  // An empty list is valid: IAM's policy check only has the suggestion "Empty array condition".
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
  const values = isJsonArray(value) ? value : [value];
  if (values.every((item) => item !== null && typeof item !== 'object')) return [];
  const expected = `expected text, a number or a boolean, or a list of such, found ${describeJson(value)}`;
  return [{ path, expected, unevaluable: 'INVALID_ELEMENT' }];
}
