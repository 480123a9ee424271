import { isJsonArray, isJsonObject, type JsonValue } from '../../control-policies/json.ts';
import type { EffectivePolicyType } from '../model/enums.ts';

/** Source of everything here: https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html */
export const valueOperators = ['@@assign', '@@append', '@@remove'] as const;
export type ValueOperator = (typeof valueOperators)[number];

export const childControl = '@@operators_allowed_for_child_policies';
export const childControlValues = ['@@all', '@@none', ...valueOperators] as const;

export function isValueOperator(key: string): key is ValueOperator {
  return valueOperators.some((operator) => operator === key);
}

/** Whether a key is syntax (`@@…`) rather than a name in the effective policy. */
export function isOperatorKey(key: string): boolean {
  return key.startsWith('@@');
}

export type OperatorSet = ReadonlySet<ValueOperator>;

/** What policies further down may do by default. */
export const allOperators: OperatorSet = new Set(valueOperators);

/**
 * What is left of `allowed` for the policies below an entity once the policy `value` attached to it had its say at this path.
 * A limit can only be narrowed on the way down, and two policies of one entity intersect.
 */
export function narrowOperators(allowed: OperatorSet, value: JsonValue): OperatorSet {
  const list = isJsonObject(value) ? value[childControl] : undefined;
  if (!isJsonArray(list) || list.includes('@@all')) return allowed;
  return new Set(valueOperators.filter((operator) => allowed.has(operator) && list.includes(operator)));
}

/**
 * Whether policies below may put new keys into a map with these operators. `@@append` says so by AWS's example ("enables child policies to
 * add other plans", backup policy example 4). That `@@assign` alone does too is our reading of the AI services page.
 */
export function mayAddKeys(allowed: OperatorSet): boolean {
  return allowed.has('@@assign') || allowed.has('@@append');
}

interface TypeOperators {
  readonly values: readonly ValueOperator[];
  readonly childControl: readonly string[];
}

const every: TypeOperators = { values: valueOperators, childControl: childControlValues };

/**
 * The operators that a document of a type may use. Only two types are documented to take fewer: AI services opt-out
 * ("You can't use the @@append and @@remove inheritance operators"; child control takes @@assign or @@none) and S3 ("@@assign: accepts
 * one of two values"; its only setting is a single value).
 */
export const operatorsByType: Readonly<Record<EffectivePolicyType, TypeOperators>> = {
  TAG_POLICY: every,
  BACKUP_POLICY: every,
  AISERVICES_OPT_OUT_POLICY: { values: ['@@assign'], childControl: ['@@none', '@@assign'] },
  CHATBOT_POLICY: every,
  DECLARATIVE_POLICY_EC2: every,
  SECURITYHUB_POLICY: every,
  SECURITYHUB_CSPM_POLICY: every,
  INSPECTOR_POLICY: every,
  UPGRADE_ROLLOUT_POLICY: every,
  BEDROCK_POLICY: every,
  S3_POLICY: { values: ['@@assign'], childControl: childControlValues },
  NETWORK_SECURITY_DIRECTOR_POLICY: every,
  GUARDDUTY_POLICY: every,
};
