import { getCallerOrganization } from '../call.ts';
import { throwException, throwInvalidInput } from '../service-error.ts';
import { findPolicy } from './find.ts';
import type { Operation } from './operation.ts';

export const deletePolicy: Operation<'DeletePolicy'> = ({ PolicyId }, call) => {
  const organization = getCallerOrganization(call);
  const policy = findPolicy(organization, PolicyId);
  if (policy.awsManaged)
    throwInvalidInput('IMMUTABLE_POLICY', `Policy ${PolicyId} is managed by AWS and cannot be deleted.`);
  const attachments = organization.attachmentsOf(PolicyId).size;
  if (attachments > 0) {
    throwException(
      'PolicyInUseException',
      `Policy ${PolicyId} is attached to ${attachments} targets. Detach it first.`,
    );
  }
  organization.policies.delete(PolicyId);
};
