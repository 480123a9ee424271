import { getCallerOrganization } from '../call.ts';
import { attachmentRules } from '../policy-documents/index.ts';
import { throwConstraintViolation, throwException, throwInvalidInput } from '../service-error.ts';
import { detach } from '../world/policies.ts';
import { findPolicy, findPolicyTarget } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging, deleteUnreachedPoliciesBelow, saveValidPoliciesBelow } from './policy-changes.ts';

export const detachPolicy: Operation<'DetachPolicy'> = ({ PolicyId, TargetId }, call) => {
  const organization = getCallerOrganization(call);
  const policy = findPolicy(organization, PolicyId);
  const target = findPolicyTarget(organization, TargetId);
  const { type } = policy;
  const attachments = organization.attachmentsTo(target.id);
  if (!attachments.has(PolicyId)) {
    throwException('PolicyNotAttachedException', `Policy ${PolicyId} is not attached to ${TargetId}.`);
  }
  checkNotChanging(organization, type);
  const rules = attachmentRules[type];
  if (rules.defaultPolicyId === PolicyId && rules.defaultIsDetachable === false) {
    throwInvalidInput('NON_DETACHABLE_POLICY', `Policy ${PolicyId} is attached by AWS and cannot be detached.`);
  }
  if (attachments.values().filter((attachment) => attachment.policy.type === type).length <= rules.minPerTarget) {
    throwConstraintViolation(
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      `Policy ${PolicyId} is the last of type ${type} on ${TargetId}. Attach another one first.`,
    );
  }
  saveValidPoliciesBelow(organization, type, target.id);
  detach(organization, PolicyId, target.id);
  deleteUnreachedPoliciesBelow(organization, type, target.id);
};
