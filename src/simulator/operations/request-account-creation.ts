import { type Call, getCallerOrganization } from '../call.ts';
import type { CreateAccountStatus, CreateAccountRequest as Input } from '../model/structures.ts';
import { renderCreateAccountStatus } from '../render/create-account-status.ts';
import { throwConstraintViolation, throwInvalidInput } from '../service-error.ts';
import { startAccountCreation } from '../world/account-creation.ts';
import { countQuotaAccounts } from './account-quota.ts';
import { checkInitialized } from './check-initialized.ts';
import { checkTags } from './tags.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_IN_PROGRESS = 5;

/** Implements CreateAccount and CreateGovCloudAccount. */
export function requestAccountCreation(call: Call, input: Input, govCloud: boolean): CreateAccountStatus {
  const { world, now } = call;
  const organization = getCallerOrganization(call);
  const tags = checkTags(call, organization, 'account', input.Tags);
  if (input.RoleName?.startsWith('AWSServiceRoleFor')) {
    throwInvalidInput(
      'INVALID_ROLE_NAME',
      `RoleName ${input.RoleName} begins with AWSServiceRoleFor, which is reserved.`,
    );
  }
  checkInitialized(call, organization);
  if (call.account.missingPrerequisites.has('CONTACT_INFO')) {
    throwConstraintViolation(
      'MASTER_ACCOUNT_MISSING_CONTACT_INFO',
      `Account ${call.account.id} has no contact address and phone number.`,
    );
  }
  const inProgress = organization.createAccountRequests.values().filter(({ state }) => state === 'IN_PROGRESS');
  if (inProgress.length >= MAX_IN_PROGRESS) {
    throwConstraintViolation(
      'ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED',
      `${MAX_IN_PROGRESS} accounts are being created already.`,
    );
  }
  if (countQuotaAccounts(organization) >= organization.quotas.accounts) {
    throwConstraintViolation(
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      `Your organization may have ${organization.quotas.accounts} accounts, open invitations included.`,
    );
  }
  const request = startAccountCreation(
    world,
    organization,
    { accountName: input.AccountName, email: input.Email, tags, govCloud },
    now,
  );
  return renderCreateAccountStatus(request);
}
