import { checkControlPolicy, isControlPolicyType } from '../control-policies/check-control-policy.ts';
import { describeProblem, parseJsonObject } from '../control-policies/json.ts';
import type { Rejection } from '../inventory/policy-changes.ts';
import { isPolicyType, policyLimits, policySize } from '../policy-limits.ts';

/** In characters. A longer text is above each type's limit, and is not parsed. */
const MAX_PARSED = 65_536;

/**
 * Returns why AWS would reject the content of a policy: all checks for service and resource control policies, and for
 * the other types that it is a JSON object of an accepted size.
 */
export function checkPolicyContent(type: string, content: string): Rejection | undefined {
  return (content.length > MAX_PARSED ? undefined : checkDocument(type, content)) ?? checkSize(type, content);
}

function checkDocument(type: string, content: string): Rejection | undefined {
  const parsed = parseJsonObject(content);
  const [problem] = parsed.ok
    ? isControlPolicyType(type)
      ? checkControlPolicy(type, parsed.value)
      : []
    : [parsed.problem];
  return (
    problem && {
      code: 'MalformedPolicyDocumentException',
      message: `The content is not a valid ${type}: ${describeProblem(problem)}.`,
    }
  );
}

function checkSize(type: string, content: string): Rejection | undefined {
  if (!isPolicyType(type)) return undefined;
  const { maxSize, sizeUnit } = policyLimits[type];
  const size = policySize(type, content);
  if (size <= maxSize) return undefined;
  return {
    code: 'ConstraintViolationException',
    reason: 'POLICY_CONTENT_LIMIT_EXCEEDED',
    message: `The content has ${size} ${sizeUnit}; the maximum of a ${type} is ${maxSize}.`,
  };
}
