import { describeProblem } from '../../control-policies/json.ts';
import type { PolicyType } from '../model/enums.ts';
import { checkPolicyDocument, policyLimits, policySize } from '../policy-documents/index.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import type { Organization } from '../world/organization.ts';

export function checkContent(type: PolicyType, content: string): void {
  const [problem] = checkPolicyDocument(type, content);
  if (problem) {
    throwException(
      'MalformedPolicyDocumentException',
      `The content is not a valid ${type}: ${describeProblem(problem)}.`,
    );
  }
  const size = policySize(type, content);
  const { maxSize, sizeUnit } = policyLimits[type];
  if (size > maxSize) {
    throwConstraintViolation(
      'POLICY_CONTENT_LIMIT_EXCEEDED',
      `The content has ${size} ${sizeUnit}, but the maximum of a ${type} is ${maxSize}.`,
    );
  }
}

/** Names are unique per policy type. */
export function checkPolicyName(organization: Organization, type: PolicyType, name: string, except?: string): void {
  const taken = organization.policies
    .values()
    .find((policy) => policy.type === type && policy.name === name && policy.id !== except);
  if (taken)
    throwException('DuplicatePolicyException', `Policy ${taken.id} of type ${type} is already named "${name}".`);
}
