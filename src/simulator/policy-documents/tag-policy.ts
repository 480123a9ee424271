import {
  describeJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Problem,
} from '../../control-policies/json.ts';
import { childAt, type MergedPolicy, type PolicyViolation, presentChildren } from './merged-policy.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html */
const maxEffectiveSize = 395_000;
const maxRequiredTagKeys = 50;

/** Tag keys that `report_required_tag_for` requires, by resource type, e.g. `ec2:instance`. */
type RequiredTagKeys = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Groups `[tag key, resource type]` pairs. A key required for a whole service (`ec2:ALL_SUPPORTED`) also counts for
 * each of its types in the pairs.
 */
function requiredTagKeys(pairs: readonly (readonly [key: string, resourceType: string])[]): RequiredTagKeys {
  const keysOf = new Map<string, Set<string>>();
  for (const [key, type] of pairs) {
    const keys = keysOf.get(type) ?? new Set();
    keysOf.set(type, keys.add(key.toLowerCase()));
  }
  return new Map(
    [...keysOf].map(([type, keys]) => [
      type,
      new Set([...keys, ...(keysOf.get(`${type.split(':', 1)[0]}:ALL_SUPPORTED`) ?? [])]),
    ]),
  );
}

/**
 * Validates an effective tag policy. AWS documents its maximum size but no error code; ELEMENTS_TOO_MANY is our choice.
 *
 * The size is in bytes of UTF-8: "Multi-byte characters consume more space".
 */
export function validateTagPolicy(merged: MergedPolicy): readonly PolicyViolation[] {
  const violations: PolicyViolation[] = [];
  if (Buffer.byteLength(JSON.stringify(merged.document)) > maxEffectiveSize) {
    violations.push({
      code: 'ELEMENTS_TOO_MANY',
      message: `'tags' exceeds the allowed maximum limit ${maxEffectiveSize}`,
      path: ['tags'],
    });
  }
  const tags = childAt(merged.root, 'tags');
  const pairs = (tags === undefined ? [] : presentChildren(tags)).flatMap((tag) => {
    const types = childAt(tag, 'report_required_tag_for')?.value;
    if (!isJsonArray(types)) return [];
    return types.filter((type) => typeof type === 'string').map((type) => [tag.key, type] as const);
  });
  for (const [type, keys] of requiredTagKeys(pairs)) {
    if (keys.size <= maxRequiredTagKeys) continue;
    violations.push({
      code: 'ELEMENTS_TOO_MANY',
      message: `'report_required_tag_for' ${type} exceeds the allowed maximum limit ${maxRequiredTagKeys}`,
      path: ['tags'],
      contributorPaths: [...keys].map((key) => ['tags', key, 'report_required_tag_for']),
    });
  }
  return violations;
}

/**
 * Checks the rules that only tag policies have.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html and, for
 * the number of required tag keys ("validated both on individual tag policies and on the aggregated effective policy"),
 * https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html
 *
 * @param tags the object below the top-level key `tags`
 */
export function checkTagPolicy(tags: JsonObject): readonly Problem[] {
  const problems: Problem[] = [];
  const required: (readonly [string, string])[] = [];
  for (const [policyKey, tag] of Object.entries(tags)) {
    if (!isJsonObject(tag) || policyKey.startsWith('@@')) continue;
    const tagKey = operand(tag['tag_key'], '@@assign');
    if (tagKey !== undefined && String(tagKey).toLowerCase() !== policyKey.toLowerCase()) {
      problems.push({
        path: `tags/${policyKey}/tag_key/@@assign`,
        expected: `expected "${policyKey}", in any case, found ${describeJson(tagKey)}`,
      });
    }
    for (const operator of ['@@assign', '@@append']) {
      const types = operand(tag['report_required_tag_for'], operator);
      if (isJsonArray(types)) required.push(...types.map((type) => [policyKey, String(type)] as const));
    }
  }
  for (const [type, keys] of requiredTagKeys(required)) {
    if (keys.size <= maxRequiredTagKeys) continue;
    problems.push({
      path: 'tags',
      expected: `expected at most ${maxRequiredTagKeys} tag keys required for ${type}, found ${keys.size}`,
    });
  }
  return problems;
}

function operand(setting: JsonValue | undefined, operator: string): JsonValue | undefined {
  return isJsonObject(setting) ? setting[operator] : undefined;
}
