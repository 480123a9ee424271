import { checkResourceControlPolicy, checkServiceControlPolicy } from './check-control-policy.ts';
import { checkDeclarativePolicy } from './check-declarative-policy.ts';
import { describeJson, isJsonObject } from './json.ts';
import { parseJson } from './parse-json.ts';
import type { PolicyType } from './policy-types.ts';
import type { Problem } from './problem.ts';

/**
 * What keeps a text from being the content of a policy of the type; empty when it may be. Any problem makes CreatePolicy and UpdatePolicy
 * fail with MalformedPolicyDocumentException. The text's size is not looked at (`policySize`, `policyLimits`).
 */
export function checkPolicyDocument(type: PolicyType, text: string): readonly Problem[] {
  const parsed = parseJson(text);
  if (!parsed.ok) return [parsed.problem];
  const document = parsed.value;
  if (!isJsonObject(document))
    return [{ path: '', expected: `expected a JSON object, found ${describeJson(document)}` }];
  switch (type) {
    case 'SERVICE_CONTROL_POLICY':
      return checkServiceControlPolicy(document);
    case 'RESOURCE_CONTROL_POLICY':
      return checkResourceControlPolicy(document);
    default:
      return checkDeclarativePolicy(type, document);
  }
}
