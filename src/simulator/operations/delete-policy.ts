import { callersOrganization } from '../call.ts';
import { invalidInput, refuse } from '../service-error.ts';
import { findPolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const deletePolicy: Operation<'DeletePolicy'> = ({ PolicyId }, call) => {
  const organization = callersOrganization(call);
  const policy = findPolicy(organization, PolicyId);
  if (policy.awsManaged)
    invalidInput('IMMUTABLE_POLICY', `Policy ${PolicyId} is managed by AWS and cannot be deleted.`);
  const attachments = organization.attachmentsOf(PolicyId).size;
  if (attachments > 0) {
    refuse('PolicyInUseException', `Policy ${PolicyId} is attached to ${attachments} targets. Detach it first.`);
  }
  organization.policies.delete(PolicyId);
};
