import { describeJson, isJsonArray, isJsonObject, type JsonValue, type Problem } from './json.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators = new Set(
  [
    'StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike',
    'NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals',
    'DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals',
    'ArnEquals ArnLike ArnNotEquals ArnNotLike Bool BinaryEquals IpAddress NotIpAddress',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

export interface ConditionOperator {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  /** In lower case, because IAM accepts any case. */
  readonly name: string;
  readonly ifExists: boolean;
}

/**
 * Parses an operator such as `ForAnyValue:StringLikeIfExists`. Returns undefined for operators that IAM does not have.
 */
export function parseConditionOperator(text: string): ConditionOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(text);
  const name = match?.[2]?.toLowerCase();
  if (match === null || name === undefined) return undefined;
  const ifExists = match[3] !== undefined;
  // IAM has no NullIfExists, because Null itself checks whether the key exists.
  if (!operators.has(name) && (name !== 'null' || ifExists)) return undefined;
  const quantifier = match[1]?.toLowerCase();
  return {
    quantifier:
      quantifier === 'forallvalues' ? 'ForAllValues' : quantifier === 'foranyvalue' ? 'ForAnyValue' : undefined,
    name,
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
  if (!isJsonObject(condition)) return [{ path, expected: `expected an object, found ${describeJson(condition)}` }];
  return Object.entries(condition).flatMap(([operator, keys]) => {
    const where = `${path}.${operator}`;
    if (parseConditionOperator(operator) === undefined) {
      return [{ path: where, expected: 'expected a condition operator of IAM, such as StringEquals' }];
    }
    if (!isJsonObject(keys)) {
      return [{ path: where, expected: `expected an object of condition keys, found ${describeJson(keys)}` }];
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
  return [{ path, expected: `expected text, a number or a boolean, or a list of such, found ${describeJson(value)}` }];
}
