import type { AccountJoinedMethod } from '../model/enums.ts';
import { cancelApprovalOf } from './all-features.ts';
import type { Account, Tags } from './entities.ts';
import type { Organization } from './organization.ts';
import { attachDefaultPolicies, detachAll } from './policies.ts';
import type { World } from './world.ts';

export interface Joining {
  readonly method: AccountJoinedMethod;
  readonly at: number;
  /** Default: the root. */
  readonly parentId?: string;
  readonly tags?: Tags;
  /** Time of the move to the parent. Default: the time of joining. */
  readonly movedAt?: number;
}

/** Adds an account and attaches AWS's default policies to it. */
export function joinOrganization(world: World, account: Account, organization: Organization, how: Joining): void {
  addMember(world, account, organization, how);
  account.membershipChangedAt = how.at;
  attachDefaultPolicies(world, organization, account.id, how.at);
}

/** Adds an account without attaching policies. */
export function addMember(world: World, account: Account, organization: Organization, how: Joining): void {
  const parentId = how.parentId ?? organization.root.id;
  const position = world.ids.position();
  account.membership = {
    organizationId: organization.id,
    joinedMethod: how.method,
    joinedAt: how.at,
    position,
    parentId,
    parentPosition: position,
    movedAt: how.movedAt ?? how.at,
  };
  for (const [key, value] of how.tags ?? []) account.tags.set(key, value);
  organization.members.add(account.id, position, account);
  organization.childrenOf(parentId).accounts.add(account.id, position, account);
}

/** Removes an account, its tags and its attached policies, as AWS does. */
export function leaveOrganization(world: World, account: Account, organization: Organization, at: number): void {
  const { membership } = account;
  if (!membership) return;
  detachAll(organization, account.id);
  organization.delegations.delete(account.id);
  organization.lastValidPolicies.forgetAccount(account.id);
  organization.members.delete(account.id);
  organization.childrenOf(membership.parentId).accounts.delete(account.id);
  account.tags.clear();
  account.membershipChangedAt = at;
  delete account.membership;
  cancelApprovalOf(world, account, organization, at);
}

export function moveAccount(
  world: World,
  account: Account,
  organization: Organization,
  parentId: string,
  at: number,
): void {
  const { membership } = account;
  if (!membership) return;
  organization.childrenOf(membership.parentId).accounts.delete(account.id);
  membership.parentId = parentId;
  membership.parentPosition = world.ids.position();
  membership.movedAt = at;
  organization.childrenOf(parentId).accounts.add(account.id, membership.parentPosition, account);
}
