import { getCallerOrganization } from '../call.ts';
import { policyLimits } from '../policy-documents/index.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import { attach } from '../world/policies.ts';
import { checkInitialized } from './check-initialized.ts';
import { findPolicy, findPolicyTarget } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging, saveValidPoliciesBelow } from './policy-changes.ts';

export const attachPolicy: Operation<'AttachPolicy'> = ({ PolicyId, TargetId }, call) => {
  const organization = getCallerOrganization(call);
  checkInitialized(call, organization);
  const policy = findPolicy(organization, PolicyId);
  const target = findPolicyTarget(organization, TargetId);
  const { type } = policy;
  checkNotChanging(organization, type);
  if (!organization.root.policyTypes.has(type)) {
    throwException(
      'PolicyTypeNotEnabledException',
      `${type} is not enabled in root ${organization.root.id}. EnablePolicyType enables it.`,
    );
  }
  const attachments = organization.attachmentsTo(target.id);
  if (attachments.has(PolicyId)) {
    throwException('DuplicatePolicyAttachmentException', `Policy ${PolicyId} is already attached to ${TargetId}.`);
  }
  const { maxPerTarget } = policyLimits[type];
  if (attachments.values().filter((attachment) => attachment.policy.type === type).length >= maxPerTarget) {
    throwConstraintViolation(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      `${TargetId} already has ${maxPerTarget} policies of type ${type}, which is the quota.`,
    );
  }
  saveValidPoliciesBelow(organization, type, target.id);
  attach(call.world, organization, policy, target.id, call.now);
};
