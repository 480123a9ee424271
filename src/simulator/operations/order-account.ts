import { type Call, callersOrganization } from '../call.ts';
import type { CreateAccountStatus, CreateAccountRequest as Input } from '../model/structures.ts';
import { renderCreateAccountStatus } from '../render/create-account-status.ts';
import { invalidInput, violates } from '../service-error.ts';
import { orderAccount as order } from '../world/account-creation.ts';
import { accountsCounted } from './account-quota.ts';
import { checkInitialized } from './initializing.ts';
import { checkTags } from './tags.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_IN_PROGRESS = 5;

/** Implements CreateAccount and CreateGovCloudAccount. */
export function orderAccount(call: Call, input: Input, govCloud: boolean): CreateAccountStatus {
  const { world, now } = call;
  const organization = callersOrganization(call);
  const tags = checkTags(call, organization, 'account', input.Tags);
  if (input.RoleName?.startsWith('AWSServiceRoleFor')) {
    invalidInput('INVALID_ROLE_NAME', `RoleName ${input.RoleName} begins with AWSServiceRoleFor, which is reserved.`);
  }
  checkInitialized(call, organization);
  if (call.account.lacks.has('CONTACT_INFO')) {
    violates(
      'MASTER_ACCOUNT_MISSING_CONTACT_INFO',
      `Account ${call.account.id} has no contact address and phone number.`,
    );
  }
  const inProgress = organization.createAccountRequests.values().filter(({ state }) => state === 'IN_PROGRESS');
  if (inProgress.length >= MAX_IN_PROGRESS) {
    violates('ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED', `${MAX_IN_PROGRESS} accounts are being created already.`);
  }
  if (accountsCounted(organization) >= organization.quotas.accounts) {
    violates(
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      `Your organization may have ${organization.quotas.accounts} accounts, open invitations included.`,
    );
  }
  const request = order(
    world,
    organization,
    { accountName: input.AccountName, email: input.Email, tags, govCloud },
    now,
  );
  return renderCreateAccountStatus(request);
}
