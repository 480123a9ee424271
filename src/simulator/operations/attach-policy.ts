import { callersOrganization } from '../call.ts';
import { policyLimits } from '../policy-documents/index.ts';
import { refuse, violates } from '../service-error.ts';
import { attach } from '../world/policies.ts';
import { findPolicy, findPolicyTarget } from './find.ts';
import { checkInitialized } from './initializing.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging, rememberForTarget } from './policy-changes.ts';

export const attachPolicy: Operation<'AttachPolicy'> = ({ PolicyId, TargetId }, call) => {
  const organization = callersOrganization(call);
  checkInitialized(call, organization);
  const policy = findPolicy(organization, PolicyId);
  const target = findPolicyTarget(organization, TargetId);
  const { type } = policy;
  checkNotChanging(organization, type);
  if (!organization.root.policyTypes.has(type)) {
    refuse(
      'PolicyTypeNotEnabledException',
      `${type} is not enabled in root ${organization.root.id}. EnablePolicyType enables it.`,
    );
  }
  const attachments = organization.attachmentsTo(target.id);
  if (attachments.has(PolicyId)) {
    refuse('DuplicatePolicyAttachmentException', `Policy ${PolicyId} is already attached to ${TargetId}.`);
  }
  const { maxPerTarget } = policyLimits[type];
  if (attachments.values().filter((attachment) => attachment.policy.type === type).length >= maxPerTarget) {
    violates(
      'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      `${TargetId} already has ${maxPerTarget} policies of type ${type}, the most there may be.`,
    );
  }
  rememberForTarget(organization, type, target.id);
  attach(call.world, organization, policy, target.id, call.now);
};
