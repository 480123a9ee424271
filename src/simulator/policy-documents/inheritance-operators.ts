import { isJsonArray, isJsonObject, type JsonValue } from '../../control-policies/json.ts';
import type { EffectivePolicyType } from '../model/enums.ts';

/** Source for this file: https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html */
export const valueOperators = ['@@assign', '@@append', '@@remove'] as const;
export type ValueOperator = (typeof valueOperators)[number];

export const childControl = '@@operators_allowed_for_child_policies';
const childControlValues = ['@@all', '@@none', ...valueOperators] as const;

export function isValueOperator(key: string): key is ValueOperator {
  return valueOperators.some((operator) => operator === key);
}

/** Whether a key is an operator (`@@…`) and not a key of the effective policy. */
export function isOperatorKey(key: string): boolean {
  return key.startsWith('@@');
}

export type OperatorSet = ReadonlySet<ValueOperator>;

/** The operators that child policies may use by default. */
export const allOperators: OperatorSet = new Set(valueOperators);

/**
 * Returns the operators that child policies may use after a policy with `value` at this path. A child can only narrow
 * the set, and the sets of two policies on one entity intersect.
 */
export function narrowOperators(allowed: OperatorSet, value: JsonValue): OperatorSet {
  const list = isJsonObject(value) ? value[childControl] : undefined;
  if (!isJsonArray(list) || list.includes('@@all')) return allowed;
  return new Set(valueOperators.filter((operator) => allowed.has(operator) && list.includes(operator)));
}

/**
 * Whether child policies may add keys to a map. AWS documents this for `@@append` ("enables child policies to add other
 * plans", backup policy example 4); that `@@assign` suffices is our reading of the AI services page.
 */
export function canAddKeys(allowed: OperatorSet): boolean {
  return allowed.has('@@assign') || allowed.has('@@append');
}

interface TypeOperators {
  readonly values: readonly ValueOperator[];
  readonly childControl: readonly string[];
}

const allValueOperators: TypeOperators = { values: valueOperators, childControl: childControlValues };

/**
 * Operators that a document may use. AWS documents fewer for two types: AI services opt-out ("You can't use the
 * @@append and
 * @@remove inheritance operators"; child control takes @@assign or @@none) and S3 ("@@assign: accepts one of two
 * values").
 */
export const operatorsByType: Readonly<Record<EffectivePolicyType, TypeOperators>> = {
  TAG_POLICY: allValueOperators,
  BACKUP_POLICY: allValueOperators,
  AISERVICES_OPT_OUT_POLICY: { values: ['@@assign'], childControl: ['@@none', '@@assign'] },
  CHATBOT_POLICY: allValueOperators,
  DECLARATIVE_POLICY_EC2: allValueOperators,
  SECURITYHUB_POLICY: allValueOperators,
  SECURITYHUB_CSPM_POLICY: allValueOperators,
  INSPECTOR_POLICY: allValueOperators,
  UPGRADE_ROLLOUT_POLICY: allValueOperators,
  BEDROCK_POLICY: allValueOperators,
  S3_POLICY: { values: ['@@assign'], childControl: childControlValues },
  NETWORK_SECURITY_DIRECTOR_POLICY: allValueOperators,
  GUARDDUTY_POLICY: allValueOperators,
};
