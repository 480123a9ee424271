import type { CreateAccountFailureReason } from '../model/enums.ts';
import { createAccount } from './accounts.ts';
import type { CreateAccountRequest, Tags } from './entities.ts';
import { joinOrganization } from './membership.ts';
import type { Organization } from './organization.ts';
import type { World } from './world.ts';

export interface AccountCreationInput {
  readonly accountName: string;
  readonly email: string;
  readonly tags: Tags;
  readonly govCloud: boolean;
}

/** Creates a request that is IN_PROGRESS for `accountCreationMs`, and then succeeds or fails. */
export function startAccountCreation(
  world: World,
  organization: Organization,
  input: AccountCreationInput,
  time: number,
): CreateAccountRequest {
  const request: CreateAccountRequest = {
    ...input,
    id: world.ids.createAccountRequest(),
    organizationId: organization.id,
    requestedAt: time,
    position: world.ids.position(),
    state: 'IN_PROGRESS',
  };
  organization.createAccountRequests.add(request.id, request.position, request);
  scheduleAccountCreation(world, organization, request);
  return request;
}

export function scheduleAccountCreation(world: World, organization: Organization, request: CreateAccountRequest): void {
  world.scheduler.add(request.requestedAt + world.settings.accountCreationMs, (time) => {
    if (request.state === 'IN_PROGRESS') finishRequest(world, organization, request, time);
  });
}

function finishRequest(world: World, organization: Organization, request: CreateAccountRequest, time: number): void {
  request.completedAt = time;
  const failureReason = findFailureReason(world, organization, request);
  if (failureReason) {
    request.state = 'FAILED';
    request.failureReason = failureReason;
    return;
  }
  const account = createAccount(world, {
    id: world.ids.account(),
    name: request.accountName,
    email: request.email,
    createdAt: time,
    sellerOfRecord: world.accounts.get(organization.managementAccountId)?.sellerOfRecord ?? 'AWS',
    ...(request.govCloud && { govCloudAccountId: world.ids.account() }),
  });
  joinOrganization(world, account, organization, { method: 'CREATED', time, tags: request.tags });
  request.state = 'SUCCEEDED';
  request.accountId = account.id;
  if (account.govCloudAccountId !== undefined) request.govCloudAccountId = account.govCloudAccountId;
}

function findFailureReason(
  world: World,
  organization: Organization,
  request: CreateAccountRequest,
): CreateAccountFailureReason | undefined {
  const injectedReason = world.accountCreationFailures.shift();
  if (injectedReason) return injectedReason;
  if (hasConcurrentRequest(organization, request)) return 'CONCURRENT_ACCOUNT_MODIFICATION';
  const existing = world.accountByEmail(request.email);
  if (existing) {
    return existing.govCloudAccountId && request.govCloud ? 'GOVCLOUD_ACCOUNT_ALREADY_EXISTS' : 'EMAIL_ALREADY_EXISTS';
  }
  return organization.members.size >= organization.quotas.accounts ? 'ACCOUNT_LIMIT_EXCEEDED' : undefined;
}

/** Whether a request for the same address was in progress when this one was made. */
function hasConcurrentRequest(organization: Organization, request: CreateAccountRequest): boolean {
  return organization.createAccountRequests
    .values()
    .some(
      (other) =>
        other.position < request.position &&
        other.state !== 'FAILED' &&
        (other.completedAt ?? Number.POSITIVE_INFINITY) > request.requestedAt &&
        other.email.toLowerCase() === request.email.toLowerCase(),
    );
}
