import { describeJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Problem } from './problem.ts';
import { maxRequiredTagKeys, requiredTagKeys } from './tag-policy-rules.ts';

/**
 * What is special in tag policies, given the object below `tags`.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html and, for the number of
 * required tag keys ("validated both on individual tag policies and on the aggregated effective policy"), invalid-policy-alerts.html.
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
