import { getCallerOrganization } from '../call.ts';
import { renderPolicy } from '../render/policy.ts';
import { throwInvalidInput } from '../service-error.ts';
import { findPolicy } from './find.ts';
import type { Operation } from './operation.ts';
import { checkNotChanging, saveValidPoliciesBelowAttachments } from './policy-changes.ts';
import { checkContent, checkPolicyName } from './policy-content.ts';

export const updatePolicy: Operation<'UpdatePolicy'> = ({ PolicyId, Name, Description, Content }, call) => {
  const organization = getCallerOrganization(call);
  const policy = findPolicy(organization, PolicyId);
  if (policy.awsManaged)
    throwInvalidInput('IMMUTABLE_POLICY', `Policy ${PolicyId} is managed by AWS and cannot be changed.`);
  checkNotChanging(organization, policy.type);
  if (Content !== undefined) checkContent(policy.type, Content);
  if (Name !== undefined) checkPolicyName(organization, policy.type, Name, policy.id);
  if (Content !== undefined && Content !== policy.content) {
    saveValidPoliciesBelowAttachments(organization, policy);
    policy.content = Content;
    policy.revision += 1;
    policy.updatedAt = call.now;
  }
  policy.name = Name ?? policy.name;
  policy.description = Description ?? policy.description;
  return { Policy: renderPolicy(call, organization, policy) };
};
