import type { CreateAccountFailureReason } from '../model/enums.ts';
import { createAccount } from './accounts.ts';
import type { CreateAccountRequest, Tags } from './entities.ts';
import { joinOrganization } from './membership.ts';
import type { Organization } from './organization.ts';
import type { World } from './world.ts';

export interface AccountOrder {
  readonly accountName: string;
  readonly email: string;
  readonly tags: Tags;
  readonly govCloud: boolean;
}

/** Creates a request that is IN_PROGRESS for `accountCreationMs`, and then succeeds or fails. */
export function orderAccount(
  world: World,
  organization: Organization,
  order: AccountOrder,
  at: number,
): CreateAccountRequest {
  const request: CreateAccountRequest = {
    ...order,
    id: world.ids.createAccountRequest(),
    organizationId: organization.id,
    requestedAt: at,
    position: world.ids.position(),
    state: 'IN_PROGRESS',
  };
  organization.createAccountRequests.add(request.id, request.position, request);
  scheduleAccount(world, organization, request);
  return request;
}

export function scheduleAccount(world: World, organization: Organization, request: CreateAccountRequest): void {
  world.agenda.add(request.requestedAt + world.settings.accountCreationMs, (at) => {
    if (request.state === 'IN_PROGRESS') complete(world, organization, request, at);
  });
}

function complete(world: World, organization: Organization, request: CreateAccountRequest, at: number): void {
  request.completedAt = at;
  const failureReason = whyItFails(world, organization, request);
  if (failureReason) {
    request.state = 'FAILED';
    request.failureReason = failureReason;
    return;
  }
  const account = createAccount(world, {
    id: world.ids.account(),
    name: request.accountName,
    email: request.email,
    createdAt: at,
    sellerOfRecord: world.accounts.get(organization.managementAccountId)?.sellerOfRecord ?? 'AWS',
    ...(request.govCloud && { govCloudAccountId: world.ids.account() }),
  });
  joinOrganization(world, account, organization, { method: 'CREATED', at, tags: request.tags });
  request.state = 'SUCCEEDED';
  request.accountId = account.id;
  if (account.govCloudAccountId !== undefined) request.govCloudAccountId = account.govCloudAccountId;
}

function whyItFails(
  world: World,
  organization: Organization,
  request: CreateAccountRequest,
): CreateAccountFailureReason | undefined {
  const ordered = world.accountCreationFailures.shift();
  if (ordered) return ordered;
  if (wasAlreadyOrdered(organization, request)) return 'CONCURRENT_ACCOUNT_MODIFICATION';
  const existing = world.accountByEmail(request.email);
  if (existing) {
    return existing.govCloudAccountId && request.govCloud ? 'GOVCLOUD_ACCOUNT_ALREADY_EXISTS' : 'EMAIL_ALREADY_EXISTS';
  }
  return organization.members.size >= organization.quotas.accounts ? 'ACCOUNT_LIMIT_EXCEEDED' : undefined;
}

/** Whether a request for the same address was in progress when this one was made. */
function wasAlreadyOrdered(organization: Organization, request: CreateAccountRequest): boolean {
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
