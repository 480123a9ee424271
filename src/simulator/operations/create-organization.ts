import { renderOrganization } from '../render/organization.ts';
import { throwConstraintViolation, throwExceptionWithReason } from '../service-error.ts';
import { createOrganization as create } from '../world/organizations.ts';
import type { Operation } from './operation.ts';

export const createOrganization: Operation<'CreateOrganization'> = ({ FeatureSet = 'ALL' }, call) => {
  const { account, world, now, partition } = call;
  if (account.missingPrerequisites.has('COMPLETE_SETUP') || account.state === 'PENDING_ACTIVATION') {
    throwConstraintViolation('ACCOUNT_CREATION_NOT_COMPLETE', `The setup of account ${account.id} is not complete.`);
  }
  if (account.missingPrerequisites.has('PAYMENT_INSTRUMENT')) {
    throwConstraintViolation(
      'MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED',
      `Account ${account.id} has no payment method.`,
    );
  }
  if (account.missingPrerequisites.has('CONTACT_INFO')) {
    throwConstraintViolation(
      'MASTER_ACCOUNT_MISSING_CONTACT_INFO',
      `Account ${account.id} has no contact address and phone number.`,
    );
  }
  if (partition === 'aws-cn' && account.missingPrerequisites.has('BUSINESS_LICENSE')) {
    throwConstraintViolation(
      'MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE',
      `Account ${account.id} has no valid business license.`,
    );
  }
  if (partition !== 'aws' && FeatureSet === 'CONSOLIDATED_BILLING') {
    throwConstraintViolation(
      'CREATE_ORGANIZATION_IN_BILLING_MODE_UNSUPPORTED_REGION',
      'Organizations in this Region have all features: leave FeatureSet out, or set it to ALL.',
    );
  }
  if (account.missingPrerequisites.has('SERVICE_LINKED_ROLE_PERMISSION')) {
    throwExceptionWithReason(
      'AccessDeniedForDependencyException',
      'ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE',
      'You need the permission iam:CreateServiceLinkedRole for organizations.amazonaws.com.',
    );
  }
  return { Organization: renderOrganization(call, create(world, account, { featureSet: FeatureSet, time: now })) };
};
